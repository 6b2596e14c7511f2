// The standard library, read by the same front end as a program: every signature and every body must mean something.
#include "compiler/check/library.h"

#include <gtest/gtest.h>

#include "compiler/check/check_distribution.h"

namespace lacuna::check {
namespace {

std::string first_report(const support::SourceMap& sources, const diagnostics::Sink& sink) {
  if (sink.diagnostics().empty()) return "";
  const diagnostics::Diagnostic& d = sink.diagnostics()[0];
  const auto& file = sources.file(d.primary.range.file);
  return file.path() + ":" + std::to_string(file.position(d.primary.range.begin).line) + ": " + d.message + " -- " +
         std::string(sources.text(d.primary.range));
}

struct LibraryTest : testing::TestWithParam<LibraryFile> {
  support::SourceMap sources;
  support::Arena arena;
  diagnostics::Sink sink;
  Library library{sources, arena};
  Context context{sources, arena, sink, library};
};

TEST_P(LibraryTest, EveryBodyIsChecked) {
  const LibraryFile& file = GetParam();
  if (file.path.find("/math/") != std::string_view::npos) {
    const Function* f = library.find_function(context, file.name);
    ASSERT_NE(f, nullptr);
    EXPECT_NE(f->body, nullptr) << first_report(sources, sink);
  } else {
    ASSERT_FALSE(library.find(context, file.name).empty());
    for (Distribution* d : library.find(context, file.name)) {
      library.complete(context, *d);
      EXPECT_FALSE(d->result.is_error()) << d->name;
      for (const DistributionMember& m : d->members) EXPECT_NE(m.body, nullptr) << d->name << "." << m.name << ": " << first_report(sources, sink);
    }
  }
  EXPECT_TRUE(sink.diagnostics().empty()) << first_report(sources, sink);
}

INSTANTIATE_TEST_SUITE_P(Standard, LibraryTest, testing::ValuesIn(embedded_library().begin(), embedded_library().end()),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Library, KnowsNoOtherNames) {
  support::SourceMap sources;
  support::Arena arena;
  diagnostics::Sink sink;
  Library library(sources, arena);
  Context context{sources, arena, sink, library};
  EXPECT_TRUE(library.find(context, "Norml").empty());
  EXPECT_TRUE(library.find(context, "log1p_square").empty());
  EXPECT_EQ(library.find_function(context, "Normal"), nullptr);
  EXPECT_TRUE(sink.diagnostics().empty());
}

TEST(Library, ReadsAFileOnce) {
  support::SourceMap sources;
  support::Arena arena;
  diagnostics::Sink sink;
  Library library(sources, arena);
  Context context{sources, arena, sink, library};
  const std::size_t overloads = library.find(context, "Bernoulli").size();
  EXPECT_EQ(overloads, 2u);
  EXPECT_EQ(library.find(context, "Bernoulli").size(), overloads);
  EXPECT_EQ(sources.size(), 1u);
}

}  // namespace
}  // namespace lacuna::check
