// Every file of the library by itself: it checks without a message, says what it is, and names itself as its file does.
#include <gtest/gtest.h>

#include <set>

#include "test/unit/stdlib/library.h"

namespace lacuna::stdlib {
namespace {

TEST(LibraryFiles, CheckWithoutAMessage) {
  ASSERT_GT(check::embedded_library().size(), 50u);
  for (const check::LibraryFile& file : check::embedded_library()) {
    Compilation compilation{std::string(file.text)};
    EXPECT_EQ(compilation.mistakes(), "") << file.path;
    ASSERT_FALSE(compilation.program().declarations.empty()) << file.path;
    for (const syntax::Decl* declaration : compilation.program().declarations) {
      EXPECT_FALSE(declaration->doc.empty()) << file.path << " has a declaration without a `///`";
    }
  }
}

// `half_normal.ppl` declares `HalfNormal`.
TEST(LibraryFiles, AreNamedForWhatTheyDeclare) {
  for (const check::LibraryFile& file : check::embedded_library()) {
    std::string stem(file.path.substr(file.path.rfind('/') + 1));
    stem = stem.substr(0, stem.find('.'));
    std::erase(stem, '_');
    std::string name(file.name);
    std::erase(name, '_');
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    EXPECT_EQ(stem, name) << file.path;
  }
}

// A program that uses a distribution has its density, and whatever can be drawn has a draw or says that it has none.
TEST(LibraryFiles, HaveADensityAndADraw) {
  const std::set<std::string_view> without_draw = {"Flat", "LKJ", "InverseWishart"};
  for (const check::LibraryFile& file : check::embedded_library()) {
    if (!is_distribution(file)) continue;
    Compilation compilation{std::string(file.text)};
    for (const check::Distribution* d : compilation.checked().distributions) {
      const auto has = [&](std::string_view member) {
        return std::any_of(d->members.begin(), d->members.end(), [&](const auto& m) { return m.name == member && m.body; });
      };
      EXPECT_TRUE(has("log_density")) << file.path;
      EXPECT_EQ(has("draw"), !without_draw.contains(d->name)) << file.path;
    }
  }
}

}  // namespace
}  // namespace lacuna::stdlib
