#include "compiler/syntax/semicolons.h"

#include <algorithm>

namespace lacuna::syntax {

void remove_semicolons(support::FileId file, std::vector<Token>& tokens, diagnostics::Sink& sink) {
  const auto is_semicolon = [](const Token& token) { return token.kind == TokenKind::Semicolon; };
  const auto first = std::find_if(tokens.begin(), tokens.end(), is_semicolon);
  if (first == tokens.end()) return;
  const auto count = std::count_if(tokens.begin(), tokens.end(), is_semicolon);
  // Past a point this is no program in which someone wrote semicolons.
  constexpr std::ptrdiff_t kMostRemoved = 10'000;
  std::vector<diagnostics::FixIt> removals;
  for (const Token& token : tokens)
    if (count <= kMostRemoved && is_semicolon(token)) removals.push_back({{file, token.begin, token.end}, ""});
  auto& error = sink.report(diagnostics::Id::Semicolon, {file, first->begin, first->end});
  if (count > 1) error.label(fmt::format("the first of {}", count));
  error.note("statements begin with a keyword, so nothing needs to end them").help("remove it", std::move(removals));
  tokens.erase(std::remove_if(tokens.begin(), tokens.end(), is_semicolon), tokens.end());
}

}  // namespace lacuna::syntax
