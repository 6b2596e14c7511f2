#include "compiler/diagnostics/render_text.h"

#include <gtest/gtest.h>

namespace lacuna::diagnostics {
namespace {

// The text of a range that holds the only occurrence of `words`.
SourceRange at(const support::SourceMap& sources, support::FileId file, std::string_view words) {
  const auto begin = static_cast<std::uint32_t>(sources.file(file).text().find(words));
  return {file, begin, begin + static_cast<std::uint32_t>(words.size())};
}

std::string render(const Sink& sink, const support::SourceMap& sources, bool color = false) { return render_text(sink.sorted(), sources, color); }

TEST(RenderText, ShowsBothPartiesOfAMismatch) {
  support::SourceMap sources;
  Sink sink;
  const auto file = sources.add("panel.ppl", "// a panel\n\nmodel panel(y: real[N], seen: bool[N, T]) {\n\n\n\n\n\n\n\n\n  observe y ~ Normal(mu, sigma) where seen\n}\n");
  const auto y = at(sources, file, "y:").begin;
  const auto seen = static_cast<std::uint32_t>(sources.file(file).text().rfind("seen"));
  sink.report(Id::Semicolon, {file, seen, seen + 4})
      .label("`seen` has shape [N, T]")
      .also_at({file, y, y + 1}, "`y` has shape [N]")
      .note("a mask keeps or drops elements of `y`")
      .help("write `where any(seen[n, t] for t in T)`");
  EXPECT_EQ(render(sink, sources),
            "error[E0118]: a semicolon is not needed\n"
            "  --> panel.ppl:12:39\n"
            "   |\n"
            " 3 | model panel(y: real[N], seen: bool[N, T]) {\n"
            "   |             - `y` has shape [N]\n"
            "12 |   observe y ~ Normal(mu, sigma) where seen\n"
            "   |                                       ^^^^ `seen` has shape [N, T]\n"
            "   |\n"
            "   = note: a mask keeps or drops elements of `y`\n"
            "   = help: write `where any(seen[n, t] for t in T)`\n"
            "\n");
}

TEST(RenderText, StacksTheTextsOfMarksOnOneLine) {
  support::SourceMap sources;
  Sink sink;
  const auto file = sources.add("a.ppl", "  let x = 3 < 4 < 5\n");
  sink.report(Id::ChainedComparison, {file, 16, 17}).label("second").also_at({file, 12, 13}, "first").also_at({file, 6, 7}, "name");
  EXPECT_EQ(render(sink, sources),
            "error[E0112]: comparisons do not chain\n"
            "  --> a.ppl:1:17\n"
            "   |\n"
            " 1 |   let x = 3 < 4 < 5\n"
            "   |       -     -   ^ second\n"
            "   |       |     first\n"
            "   |       name\n"
            "\n");
}

TEST(RenderText, LinesUpMarksUnderTabsAndWideCharacters) {
  support::SourceMap sources;
  Sink sink;
  const std::string text = "\tlet 日本 = é + x\n";
  const auto file = sources.add("a.ppl", text);
  sink.report(Id::Semicolon, at(sources, file, "x\n"));
  sink.report(Id::NumberForm, at(sources, file, "日本"));
  const std::string shown = render(sink, sources);
  EXPECT_NE(shown.find(" 1 |     let 日本 = é + x\n   |         ^^^^\n"), std::string::npos) << shown;
  EXPECT_NE(shown.find(" 1 |     let 日本 = é + x\n   |                    ^"), std::string::npos) << shown;
  EXPECT_NE(shown.find("a.ppl:1:6"), std::string::npos) << "columns count code points";
}

TEST(RenderText, MarksTheFirstAndLastLineOfALongRange) {
  support::SourceMap sources;
  Sink sink;
  const auto file = sources.add("a.ppl", "let x = f(\n    a,\n    b)\n");
  sink.report(Id::Semicolon, {file, 8, 24}).label("all of this");
  EXPECT_EQ(render(sink, sources),
            "error[E0118]: a semicolon is not needed\n"
            "  --> a.ppl:1:9\n"
            "   |\n"
            " 1 | let x = f(\n"
            "   |         ^^\n"
            " 3 |     b)\n"
            "   |     ^^ all of this\n"
            "\n");
}

TEST(RenderText, ClipsVeryLongLines) {
  support::SourceMap sources;
  Sink sink;
  const auto file = sources.add("a.ppl", std::string(100'000, 'a') + "!" + std::string(100'000, 'b'));
  sink.report(Id::Semicolon, {file, 100'000, 100'001}).label("here");
  const std::string shown = render(sink, sources);
  EXPECT_LT(shown.size(), 600U);
  const std::size_t mark = shown.find("^ here");
  ASSERT_NE(mark, std::string::npos);
  EXPECT_NE(shown.find("a!b"), std::string::npos);
}

TEST(RenderText, ShowsOtherFilesUnderTheirOwnName) {
  support::SourceMap sources;
  Sink sink;
  const auto user = sources.add("a.ppl", "sample x ~ Normal(0)\n");
  const auto library = sources.add("normal.ppl", "dist Normal(loc: real, scale: positive): real {\n");
  sink.report(Id::Semicolon, {user, 11, 17}).also_at({library, 23, 28}, "declared here");
  const std::string shown = render(sink, sources);
  EXPECT_NE(shown.find("  --> a.ppl:1:12\n"), std::string::npos);
  EXPECT_NE(shown.find("  ::: normal.ppl:1:24\n"), std::string::npos);
}

TEST(RenderText, ColoursOnlyWhenAsked) {
  support::SourceMap sources;
  Sink sink;
  const auto file = sources.add("a.ppl", "let x\n");
  sink.report(Id::Semicolon, {file, 0, 3}).note("n").help("h");
  EXPECT_EQ(render(sink, sources).find('\x1b'), std::string::npos);
  std::string colored = render(sink, sources, true);
  EXPECT_NE(colored.find('\x1b'), std::string::npos);
  for (std::size_t start = colored.find('\x1b'); start != std::string::npos; start = colored.find('\x1b')) colored.erase(start, colored.find('m', start) - start + 1);
  EXPECT_EQ(colored, render(sink, sources));
}

}  // namespace
}  // namespace lacuna::diagnostics
