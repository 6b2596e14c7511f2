// One call of a distribution while it is being checked: what the files distribution_*.cpp share with each other and nobody else.
//
// The steps, in order (check_distribution.cpp):
//   choose the declaration and bind arguments to parameters          distribution_overload.cpp
//   check each argument, solving generic dimensions on the way       distribution_arguments.cpp
//   take what is still unknown from the target                       distribution_dimensions.cpp
//   line up what is left of the arguments' dimensions: the batch     distribution_batch.cpp
//   work out the support of a draw                                   distribution_support.cpp
#pragma once
#include <string>
#include <vector>

#include "compiler/check/check_distribution.h"
#include "compiler/check/distribution_overload.h"

namespace lacuna::check {

struct DistributionCall {
  Context& c;
  const syntax::CallExpr& source;
  const DistributionPlace& place;
  Distribution& d;
  Binding binding;
  bool wrong = false;

  // One for each of `d.generic`: the dimension that stands for it, and what settled it.
  struct Solution {
    const Dimension* dimension = nullptr;
    SourceRange range;
    std::string_view by;  // the parameter's name, or "the target"
    bool disputed = false;  // a disagreement about it is reported
  };
  std::vector<Solution> solution{};
  // One for each of `d.parameters`: the argument, and the dimensions it has beyond its parameter's.
  std::vector<const Expr*> arguments{};
  std::vector<List<const Dimension* const>> batches{};
  std::vector<const DistributionExpr*> components{};
  const Symbol* component_binder = nullptr;
  SourceRange component_range{};
  // Of the base or the components, where there are any.
  const DistributionExpr* drawn = nullptr;

  // The argument written for a parameter; null where its default stands.
  const syntax::Expr* given(std::size_t parameter) const;
  Solution* find_solution(const Dimension* generic);
};

// Puts solved dimensions in the place of generic ones; those not solved stay.
Type substitute(DistributionCall& call, const Type& type);
List<const Dimension* const> substitute(DistributionCall& call, List<const Dimension* const> dims);
bool is_solved(DistributionCall& call, const Type& type);

// Checks the argument of every parameter. Sets `wrong` and reports.
void check_arguments(DistributionCall& call);
void check_components(DistributionCall& call);
// The dimension of `[D(...) for k in K]`, which weights that are written there take.
void settle_from_components(DistributionCall& call);
// The dimensions a value of the result type has for itself.
List<const Dimension* const> event_dims(DistributionCall& call);

// Matches the last dimensions of an argument with its parameter's, settling generic ones; false and reports when they cannot.
bool match_dimensions(DistributionCall& call, std::size_t parameter, const Expr& value);
// Settles dimensions from the target's last ones: all that is not settled, and, where the target is observed, all.
void settle_from_target(DistributionCall& call);
// Settles what the target holds an index of.
void settle_index(DistributionCall& call);
// Settles what follows (`dim C = K - 1`), in either direction, and reports what disagrees. Reports what stays unknown when `last`.
void settle_derived(DistributionCall& call, bool last);

// The batch dimensions of the call; reports arguments that grow the target or cannot line up.
List<const Dimension* const> line_up_batch(DistributionCall& call, List<const Dimension* const> event);

// The kind, structure and support of an argument against its parameter's; reports, or records what is checked later.
void check_parameter(DistributionCall& call, const Symbol& parameter, const Expr& value);

// The interval of `bound`, an expression over the parameters of `e`'s distribution, for the arguments of `e`.
Interval interval_for(Context& c, const Expr& bound, const DistributionExpr& e);
// The interval of one element of a draw.
Interval support_interval(Context& c, const DistributionExpr& e);

}  // namespace lacuna::check
