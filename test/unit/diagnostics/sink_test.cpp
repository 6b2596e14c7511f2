#include <gtest/gtest.h>

#include <set>
#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/diagnostics/explain.h"

namespace lacuna::diagnostics {
namespace {

TEST(Sink, SortsByPlaceAndSaysEachThingOnce) {
  Sink sink;
  sink.report(Id::Semicolon, {0, 8, 9});
  sink.report(Id::NumberForm, {0, 2, 3});
  sink.report(Id::Semicolon, {0, 8, 9});
  const auto sorted = sink.sorted();
  ASSERT_EQ(sorted.size(), 2U);
  EXPECT_EQ(sorted[0].id, Id::NumberForm);
  EXPECT_EQ(sink.error_count(), 3U);
  sink.truncate(1);
  EXPECT_EQ(sink.error_count(), 1U);
}

TEST(Diagnostics, CodesAreUniqueAndFitTheirFamilyAndSeverity) {
  std::set<std::string_view> codes;
  for (const Id id : all_ids()) {
    const Entry& e = entry(id);
    EXPECT_TRUE(codes.insert(e.code).second) << e.code;
    EXPECT_EQ(e.code.size(), 5U) << e.code;
    EXPECT_EQ(e.code[0] == 'W', e.severity == Severity::Warning) << e.code;
  }
}

TEST(Explain, FindsPagesByCode) {
  const auto page = explanation("E0112");
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(page->substr(0, 9), "# E0112: ");
  EXPECT_EQ(page->back(), '\n');
  EXPECT_FALSE(explanation("E9999").has_value());
  EXPECT_FALSE(explanation("~").has_value());
  EXPECT_FALSE(explanation("").has_value());
}

}  // namespace
}  // namespace lacuna::diagnostics
