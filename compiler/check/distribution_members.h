// What each member of a distribution is asked and answers, and what a distribution can answer.
//
// needs    declared distributions
// leaves   answers for the check of members, of combinators and of statements that rely on a member
// shown by test/lit/check/fail_member.ppl, fail_combinators.ppl
#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "compiler/check/context.h"

namespace lacuna::check {

enum class MemberParameter : std::uint8_t { None, Value, Probability, Standard, Seen };
enum class MemberResult : std::uint8_t { Log, Share, Value, Moment, Bound, Part, Flag };

struct MemberEntry {
  std::string_view name;
  MemberParameter parameter;
  MemberResult result;
  std::string_view instead;  // members that stand in, separated by commas; "always": the language answers
};

std::span<const MemberEntry> member_entries();
// nullptr when the language does not know the name; a distribution may still declare it for its own use.
const MemberEntry* find_member_entry(std::string_view name);
// nullptr when the declaration does not write it.
const DistributionMember* find_member(const Distribution& d, std::string_view name);

// A member that cannot be answered, and whose it is: `cdf` of `VonMises`.
struct MissingMember {
  std::string_view member;
  std::string_view distribution;
};
// What lacks for `member` of `d` to be answered, through the distributions that it is made of; nullopt when nothing does. Completes the
// distributions on the way.
std::optional<MissingMember> missing_member(Context& c, const DistributionExpr& d, std::string_view member);

// Whether a body of `d` computes with the value itself instead of handing it to a `dist` parameter's members only.
bool computes_with_value(const Distribution& d);

}  // namespace lacuna::check
