#include "compiler/syntax/doc_comments.h"

#include <algorithm>
#include <string>

namespace lacuna::syntax {

bool DocComments::stands_alone(const Comment& comment) const {
  for (std::size_t at = comment.range.begin; at > 0; --at) {
    const char c = text_[at - 1];
    if (c == '\n') return true;
    if (c != ' ' && c != '\t') return false;
  }
  return true;
}

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
  const std::uint32_t previous_end = token == tokens.begin() ? 0 : std::prev(token)->end;
  auto first = last;
  while (first != comments.begin()) {
    const Comment& comment = *std::prev(first);
    if (comment.kind != CommentKind::Doc || comment.range.begin < previous_end || !stands_alone(comment)) break;
    --first;
  }
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
