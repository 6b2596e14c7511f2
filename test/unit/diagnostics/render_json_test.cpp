#include "compiler/diagnostics/render_json.h"

#include <gtest/gtest.h>

namespace lacuna::diagnostics {
namespace {

TEST(RenderJson, HoldsEveryPartOfADiagnostic) {
  support::SourceMap sources;
  Sink sink;
  const auto file = sources.add("a \"b\".ppl", "é\nlet x;\n");
  sink.report(Id::Semicolon, {file, 8, 9}).label("l").also_at({file, 3, 6}, "m\n").note("n").help("h", {{{file, 8, 9}, "\t"}});
  EXPECT_EQ(render_json(sink.sorted(), sources),
            "[{\"code\": \"E0118\", \"severity\": \"error\", \"message\": \"a semicolon is not needed\", \"file\": \"a \\\"b\\\".ppl\", "
            "\"range\": {\"begin\": {\"line\": 2, \"column\": 6, \"offset\": 8}, \"end\": {\"line\": 2, \"column\": 7, \"offset\": 9}}, \"label\": \"l\", "
            "\"labels\": [{\"file\": \"a \\\"b\\\".ppl\", \"range\": {\"begin\": {\"line\": 2, \"column\": 1, \"offset\": 3}, \"end\": {\"line\": 2, \"column\": 4, "
            "\"offset\": 6}}, \"text\": \"m\\n\"}], \"notes\": [\"n\"], \"helps\": [{\"text\": \"h\", \"fixits\": [{\"range\": {\"begin\": {\"line\": 2, \"column\": 6, "
            "\"offset\": 8}, \"end\": {\"line\": 2, \"column\": 7, \"offset\": 9}}, \"replacement\": \"\\u0009\"}]}]}]\n");
}

TEST(RenderJson, IsAnEmptyListWhenNothingIsWrong) {
  EXPECT_EQ(render_json({}, support::SourceMap()), "[]\n");
}

}  // namespace
}  // namespace lacuna::diagnostics
