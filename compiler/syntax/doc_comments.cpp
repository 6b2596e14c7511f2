#include "compiler/syntax/doc_comments.h"

#include <algorithm>
#include <string>

namespace lacuna::syntax {

std::string_view DocComments::line(const Comment& comment) const {
  std::string_view text = text_.substr(comment.range.begin + 3, comment.range.end - comment.range.begin - 3);
  if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view DocComments::before(std::uint32_t begin) const {
  const auto& comments = list_->comments;
  const auto& tokens = list_->tokens;
  const auto last = std::lower_bound(comments.begin(), comments.end(), begin,
                                     [](const Comment& c, std::uint32_t place) { return c.range.begin < place; });
  if (last == comments.begin()) return {};
  const auto token = std::lower_bound(tokens.begin(), tokens.end(), begin,
                                      [](const Token& t, std::uint32_t place) { return t.begin < place; });
  const bool at_start = token == tokens.begin();
  std::uint32_t end = at_start ? 0 : std::prev(token)->end;
  // Comments that follow the token before on its line belong to it.
  auto own = std::lower_bound(comments.begin(), last, end, [](const Comment& c, std::uint32_t place) { return c.range.begin < place; });
  while (!at_start && own != last && text_.substr(end, own->range.begin - end).find('\n') == std::string_view::npos) end = (own++)->range.end;
  auto first = last;
  while (first != own && std::prev(first)->kind == CommentKind::Doc) --first;
  if (first == last) return {};
  if (std::next(first) == last) return line(*first);
  std::string joined;
  for (auto it = first; it != last; ++it) {
    if (it != first) joined += '\n';
    joined += line(*it);
  }
  return arena_->copy(std::string_view(joined));
}

}  // namespace lacuna::syntax
