#include "runtime/data/options.h"

#include <charconv>

namespace lacuna::runtime::data {
namespace {

// Words (quoted ones with spaces), and single characters of punctuation.
struct Token {
  std::string text;
  bool is_word = false;
};

std::vector<Token> split(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == ' ' || c == '\t') {
      ++i;
    } else if (c == '"' || c == '\'') {
      const std::size_t end = std::min(text.find(c, i + 1), text.size());
      tokens.push_back({std::string(text.substr(i + 1, end - i - 1)), true});
      i = end + 1;
    } else if (c == '=' || c == ',' || c == '[' || c == ']') {
      tokens.push_back({std::string(1, c), false});
      ++i;
    } else {
      const std::size_t end = std::min(text.find_first_of(" \t=,[]", i), text.size());
      tokens.push_back({std::string(text.substr(i, end - i)), true});
      i = end;
    }
  }
  return tokens;
}

class Cursor {
 public:
  explicit Cursor(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}
  bool word(std::string& out) {
    if (at_ == tokens_.size() || !tokens_[at_].is_word) return false;
    out = tokens_[at_++].text;
    return true;
  }
  bool mark(char c) {
    if (at_ == tokens_.size() || tokens_[at_].is_word || tokens_[at_].text[0] != c) return false;
    ++at_;
    return true;
  }
  bool keyword(std::string_view text) {
    if (at_ == tokens_.size() || !tokens_[at_].is_word || tokens_[at_].text != text) return false;
    ++at_;
    return true;
  }
  bool words(std::vector<std::string>& out) {
    std::string word_read;
    do {
      if (!word(word_read)) return false;
      out.push_back(word_read);
    } while (mark(','));
    return true;
  }
  bool done() const { return at_ == tokens_.size(); }

 private:
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

bool complain(Problems& problems, std::string_view option, std::string_view text, const char* form) {
  problems.report(Id::OptionWithoutMeaning, fmt::format("{} {}", option, text),
                  fmt::format("it is written `{} {}`", option, form));
  return false;
}

bool pair(std::string_view text, std::string& left, std::string& right) {
  Cursor cursor(split(text));
  return cursor.word(left) && cursor.mark('=') && cursor.word(right) && cursor.done();
}

bool whole(std::string_view text, std::int64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

const Binding* Options::binding_of(std::string_view argument) const {
  for (const Binding& binding : bindings) {
    if (binding.argument == argument) return &binding;
  }
  return nullptr;
}

bool Options::add_bind(std::string_view text, Problems& problems) {
  Binding made;
  made.written = text;
  Cursor cursor(split(text));
  bool good = cursor.word(made.argument);
  if (good && cursor.mark('[')) good = cursor.words(made.axes) && cursor.mark(']');
  good = good && cursor.mark('=') && cursor.words(made.columns);
  if (good && cursor.keyword("by")) good = cursor.words(made.by) && made.columns.size() == 1;
  if (!good || !cursor.done()) {
    return complain(problems, "--bind", text,
                    "'x = age, income'` or `--bind 'stars[User, Film] = rating by user, film'");
  }
  if (binding_of(made.argument)) {
    problems.report(Id::OptionWithoutMeaning, fmt::format("--bind {}", text),
                    fmt::format("`{}` is bound by another `--bind` too", made.argument));
    return false;
  }
  bindings.push_back(std::move(made));
  return true;
}

bool Options::add_key(std::string_view text, Problems& problems) {
  std::string dimension, column;
  if (!pair(text, dimension, column)) return complain(problems, "--key", text, "County=county");
  keys[dimension] = column;
  return true;
}

bool Options::add_size(std::string_view text, Problems& problems) {
  std::string dimension, value;
  Size size;
  bool good = pair(text, dimension, value);
  if (good && value.starts_with('+')) {
    size.horizon = true;
    value.erase(0, 1);
  }
  if (!good || !whole(value, size.value) || size.value < 0) return complain(problems, "--size", text, "K=4");
  sizes[dimension] = size;
  return true;
}

bool Options::add_missing(std::string_view text, Problems& problems) {
  std::string argument, value;
  if (!pair(text, argument, value)) return complain(problems, "--missing", text, "label=-1");
  missing.emplace(argument, value);
  return true;
}

bool Options::add_index_base(std::string_view text, Problems& problems) {
  std::string argument, value;
  std::int64_t base = 0;
  if (!pair(text, argument, value) || !whole(value, base) || (base != 0 && base != 1)) {
    return complain(problems, "--index-base", text, "county=1");
  }
  index_base[argument] = base;
  return true;
}

}  // namespace lacuna::runtime::data
