#include <gtest/gtest.h>

#include "compiler/ir/parser.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "test/unit/ir/samples.h"

namespace lacuna::ir {
namespace {

TEST(RoundTrip, TextIsPrintedAsItWasRead) {
  EXPECT_EQ(print(read(kRegression)), kRegression);
  EXPECT_EQ(print(read(kEverything)), kEverything);
}

TEST(RoundTrip, SamplesVerify) {
  EXPECT_EQ(verify(read(kRegression)), std::vector<std::string>{});
  EXPECT_EQ(verify(read(kEverything)), std::vector<std::string>{});
}

// One function for each elementwise operation: every mnemonic is read back, verified, and refuses operands of another
// type.
TEST(RoundTrip, CoversEveryElementwiseOperation) {
  for (int i = 0; i < op_count(); ++i) {
    const Op op = static_cast<Op>(i);
    const OpInfo& entry = info(op);
    if (!entry.has(Elementwise)) continue;
    std::string text = "module one {\n  dim K\n  func draw @f(%r: real, %i: int, %b: bool) {\n    %x = " +
                       std::string(entry.mnemonic) + (op == Op::ToIndex ? " K" : "");
    std::string wrong = text;
    for (std::size_t k = 0; k < entry.operands.size(); ++k) {
      const char letter = entry.operands[k];
      text += std::string(k == 0 ? " %" : ", %") + (letter == 'n' ? 'i' : letter == 't' ? 'r' : letter);
      wrong +=
          std::string(k == 0 ? " %" : ", %") + (letter == 'r' || letter == 'n' ? (letter == 'n' ? 'r' : 'b') : 'r');
    }
    const std::string end = "\n    return %x\n  }\n}\n";
    EXPECT_EQ(print(read(text + end)), text + end);
    EXPECT_EQ(verify(read(text + end)), std::vector<std::string>{}) << text;
    EXPECT_NE(verify(read(wrong + end)), std::vector<std::string>{}) << wrong;
  }
}

TEST(RoundTrip, RepeatedNamesAreToldApart) {
  Module module{.name = "twice"};
  Function function{.name = "f"};
  const ValueId a = function.body.add(Type::real(), "x");
  const ValueId b = function.body.add(Type::real(), "x");
  function.body.block.arguments = {a, b};
  function.body.block.yields = {b, a};
  module.functions.push_back(function);
  const std::string text = print(module);
  EXPECT_NE(text.find("%x: real, %x.1: real"), std::string::npos) << text;
  EXPECT_EQ(print(read(text)), text);
}

TEST(Parser, SaysWhereTextIsWrong) {
  auto error = [](std::string_view text) { return parse(text).error; };
  EXPECT_EQ(error("module m {\n  dim N\n  dim N\n}"), "3:3: `N` is declared twice");
  EXPECT_EQ(error("module m { func draw @f() { %x = frob %y } }"), "1:34: there is no operation `frob`");
  EXPECT_EQ(error("module m { func draw @f() { %x = neg %y } }"), "1:38: `%y` is not defined above");
  EXPECT_EQ(error("module m { func draw @f() { %x = load @b[] } }"), "1:39: there is no buffer `@b`");
  EXPECT_EQ(error("module m { func draw @f(%a: real) { %x = add %a } }"), "1:49: `add` takes 2 operands");
  EXPECT_EQ(error("module m {"), "1:11: expected a declaration");
  EXPECT_FALSE(error("module m { input @x : real[N] }").empty());
  EXPECT_FALSE(error("module m { dim N = cells @s }").empty());
}

TEST(Parser, LimitsNesting) {
  std::string text = "module m { func draw @f(%c: bool) { ";
  for (int i = 0; i < 5000; ++i) text += "if %c { ";
  EXPECT_NE(parse(text).error.find("nested too deep"), std::string::npos);
}

}  // namespace
}  // namespace lacuna::ir
