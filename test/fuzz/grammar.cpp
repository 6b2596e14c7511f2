// Programs made at random from the grammar, meaning left aside, with space and comments strewn between all words: each parses
// without an error, and keeps its tree and its comments when it is laid out.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "test/fuzz/layout_check.h"

namespace {

using namespace lacuna;

class Writer {
 public:
  explicit Writer(std::uint64_t seed) : random_(seed), comments_(below(3) == 0 ? 4 : below(2) == 0 ? 30 : 0) {}

  std::string program() {
    for (std::size_t left = 1 + below(4); left > 0; --left) declaration();
    space();
    return std::move(text_);
  }

 private:
  std::size_t below(std::size_t count) { return random_() % count; }
  bool chance(std::size_t one_in) { return below(one_in) == 0; }

  // ---- words, with anything that may stand between them
  void word(std::string_view text) {
    space();
    text_ += text;
  }
  void space() {
    switch (below(6)) {
      case 0: text_ += '\n'; break;
      case 1: text_ += "  \n\n\n "; break;
      case 2: text_ += "\t"; break;
      default: text_ += ' ';
    }
    if (comments_ == 0 || !chance(comments_)) return;
    static constexpr std::string_view kComments[] = {"// a \n", "/* b */", "/* c */ ", "/* d\n   e */", "\n// f\n", "//\n", "\n\n/* g */\n", "/// h\n", "\n/// i\n", "/**/"};
    text_ += kComments[below(std::size(kComments))];
    if (chance(3)) space();
  }
  void name() {
    static constexpr std::string_view kNames[] = {"a", "b", "x", "y", "N", "K", "mu", "σ", "alias", "auto", "param", "noncentered", "a_rather_long_name_for_a_thing", "log"};
    word(kNames[below(std::size(kNames))]);
  }

  // ---- expressions
  void expression(int depth) {
    if (depth > 0 && chance(8)) {
      word("if");
      expression(depth - 1);
      word("then");
      expression(depth - 1);
      word("else");
      return expression(depth - 1);
    }
    // One comparison at most stands between operators that bind less.
    static constexpr std::string_view kOperators[] = {"?" "?", "||", "&&", "+", "-", "*", "/", "%", "@", "^"};
    static constexpr std::string_view kComparisons[] = {"==", "!=", "<", "<=", ">", ">="};
    const bool compares = chance(10);
    operand(depth);
    if (compares) {
      word(kComparisons[below(std::size(kComparisons))]);
      operand(depth);
    }
    for (std::size_t left = depth > 0 ? below(4) : 0; left > 0; --left) {
      word(kOperators[below(compares ? std::size(kOperators) : std::size(kOperators))]);
      operand(depth);
    }
  }
  void operand(int depth) {
    while (chance(9)) word(chance(2) ? "-" : "!");
    primary(depth);
    while (depth > 0 && chance(5)) suffix(depth - 1);
  }
  void primary(int depth) {
    static constexpr std::string_view kLiterals[] = {"0", "12", "1.5", "2e-3", "true", "false", "pi", "inf", "\"low\"", "\"a \\\"b\\\" // c\""};
    switch (below(depth > 0 ? 7 : 3)) {
      case 0:
      case 1: return name();
      case 2: return word(kLiterals[below(std::size(kLiterals))]);
      case 3:
        word("(");
        expression(depth - 1);
        return word(")");
      case 4: {
        name();
        return call(depth - 1);
      }
      default:
        word("[");
        expression(depth - 1);
        if (chance(3)) {
          generator(depth - 1);
        } else {
          for (std::size_t left = below(4); left > 0; --left) {
            word(",");
            expression(depth - 1);
          }
        }
        return word("]");
    }
  }
  void call(int depth) {
    word("(");
    const std::size_t count = below(4);
    const std::size_t named = below(count + 1);
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) word(",");
      if (i >= named) {
        name();
        word("=");
      }
      expression(depth);
    }
    if (count == 1 && named == 1 && chance(2)) generator(depth);
    word(")");
  }
  void generator(int depth) {
    word("for");
    binders();
    where(depth);
  }
  void binders() {
    for (std::size_t left = 1 + below(2); left > 0; --left) {
      name();
      word("in");
      name();
      if (left > 1) word(",");
    }
  }
  void where(int depth) {
    if (!chance(3)) return;
    word("where");
    expression(depth);
  }
  void suffix(int depth) {
    if (chance(3)) {
      word(".");
      name();
      return call(depth);
    }
    word("[");
    for (std::size_t left = 1 + below(3); left > 0; --left) {
      if (chance(4)) {
        word(":");
      } else {
        expression(depth);
      }
      if (left > 1) word(",");
    }
    word("]");
  }

  // ---- parts
  void type() {
    name();
    if (chance(6)) {
      word("(");
      expression(1);
      word(",");
      expression(1);
      word(")");
    }
    if (chance(3)) word("?");
    if (!chance(2)) return;
    word("[");
    name();
    if (chance(2)) {
      word(",");
      name();
    }
    word("]");
  }
  void target() {
    name();
    if (chance(2)) {
      word("[");
      if (chance(2)) {
        binders();
      } else {
        expression(1);
      }
      where(1);
      word("]");
    }
    if (chance(4)) {
      word(":");
      type();
    }
  }
  void parameters() {
    word("(");
    for (std::size_t left = below(4); left > 0; --left) {
      if (chance(5)) {
        word("dim");
        name();
      } else {
        name();
        word(":");
        type();
        if (chance(4)) {
          word("alias");
          name();
        }
      }
      if (chance(4)) {
        word("=");
        expression(1);
      }
      if (left > 1) word(",");
    }
    word(")");
  }

  // ---- statements and declarations
  void statement(int depth) {
    static constexpr int kDepth = 3;
    switch (below(depth > 0 ? 6 : 5)) {
      case 0:
        word("let");
        target();
        word("=");
        return expression(kDepth);
      case 1:
        word("sample");
        target();
        word("~");
        expression(kDepth);
        if (chance(4)) word("noncentered");
        return;
      case 2:
        word("observe");
        target();
        word("~");
        expression(kDepth);
        where(kDepth);
        if (!chance(4)) return;
        word("else");
        return word("impute");
      case 3:
        word("factor");
        expression(kDepth);
        return where(kDepth);
      case 4:
        word("output");
        target();
        word(chance(2) ? "=" : "~");
        return expression(kDepth);
      default:
        word("for");
        binders();
        where(2);
        body(depth - 1);
    }
  }
  void body(int depth) {
    word("{");
    for (std::size_t left = below(5); left > 0; --left) statement(depth);
    word("}");
  }
  void declaration() {
    switch (below(6)) {
      case 0:
        word("open");
        return name();
      case 1:
        word("dim");
        name();
        if (!chance(2)) return;
        word("=");
        return expression(2);
      case 2:
        word("fn");
        name();
        parameters();
        if (chance(2)) {
          word("=");
          return expression(3);
        }
        word(":");
        type();
        word("{");
        word("let");
        target();
        word("=");
        expression(2);
        word("return");
        expression(2);
        return word("}");
      case 3:
        word("dist");
        name();
        parameters();
        word("{");
        for (std::size_t left = below(4); left > 0; --left) {
          name();
          if (chance(2)) word("(x)");
          word("=");
          expression(2);
        }
        return word("}");
      default:
        word("model");
        name();
        parameters();
        body(2);
    }
  }

  std::mt19937_64 random_;
  std::size_t comments_;  // one comment in so many spaces; 0: none
  std::string text_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::uint64_t seed = 0xcbf29ce484222325U;  // FNV-1a
  for (std::size_t i = 0; i < size; ++i) seed = (seed ^ data[i]) * 0x100000001b3U;
  support::SourceMap sources;
  support::Arena arena;
  diagnostics::Sink sink;
  const auto file = sources.add("grammar.ppl", Writer(seed).program());
  const syntax::Program program = syntax::parse(sources, file, arena, sink);
  if (sink.error_count() > 0) {
    const auto& error = sink.diagnostics().front();
    fmt::print(stderr, "fuzz: a program made from the grammar does not parse: {} at byte {}\n{}\n", error.message, error.primary.range.begin,
               sources.file(file).text());
    std::abort();
  }
  fuzz::require_same_when_laid_out(sources, program);
  return 0;
}
