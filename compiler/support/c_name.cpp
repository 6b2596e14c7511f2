#include "compiler/support/c_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "compiler/support/utf8.h"

namespace lacuna::support {
namespace {

constexpr std::string_view kGreek[] = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta",     "theta", "iota", "kappa", "lambda", "mu", "nu",
                                       "xi",    "omicron", "pi", "rho",   "sigma",   "sigma", "tau", "upsilon", "phi",  "chi",  "psi",   "omega"};
constexpr char32_t kSmall = 0x3b1, kCapital = 0x391;

std::string greek(char32_t letter) {
  if (letter >= kSmall && letter < kSmall + std::size(kGreek)) return std::string(kGreek[letter - kSmall]);
  if (letter < kCapital || letter >= kCapital + std::size(kGreek)) return {};
  std::string name(kGreek[letter - kCapital]);
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

constexpr std::string_view kWords[] = {
    "alignas",  "alignof",   "and",      "and_eq",   "asm",       "auto",     "bitand",    "bitor",    "bool",      "break",    "case",      "catch",
    "char",     "class",     "co_await", "co_return", "co_yield", "compl",    "concept",   "const",    "consteval", "constexpr", "constinit", "const_cast",
    "continue", "decltype",  "default",  "delete",   "do",        "double",   "dynamic_cast", "else",  "enum",      "explicit", "export",    "extern",
    "false",    "float",     "for",      "friend",   "goto",      "if",       "inline",    "int",      "long",      "mutable",  "namespace", "new",
    "noexcept", "not",       "not_eq",   "nullptr",  "operator",  "or",       "or_eq",     "private",  "protected", "public",   "register",  "reinterpret_cast",
    "requires", "restrict",  "return",   "short",    "signed",    "sizeof",   "static",    "static_assert", "static_cast", "struct", "switch", "template",
    "this",     "thread_local", "throw", "true",     "try",       "typedef",  "typeid",    "typename", "union",     "unsigned", "using",     "virtual",
    "void",     "volatile",  "wchar_t",  "while",    "xor",       "xor_eq"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c); }

}  // namespace

std::string c_name(std::string_view name) {
  std::string made;
  for (std::size_t at = 0; at < name.size();) {
    const char c = name[at];
    if (static_cast<unsigned char>(c) < 0x80) {
      made += is_plain(c) ? c : '_';
      ++at;
      continue;
    }
    const std::size_t length = utf8_length(name.substr(at));
    const char32_t letter = length > 0 ? utf8_decode(name.substr(at)) : 0xfffd;
    at += length > 0 ? length : 1;
    const std::string known = greek(letter);
    made += known.empty() ? fmt::format("u{:x}", static_cast<std::uint32_t>(letter)) : known;
  }
  if (made.empty() || is_digit(made[0])) made.insert(made.begin(), '_');
  return made;
}

bool is_c_word(std::string_view name) { return std::find(std::begin(kWords), std::end(kWords), name) != std::end(kWords); }

}  // namespace lacuna::support
