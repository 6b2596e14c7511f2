// Elementary and special functions, as machine code for three processors and five numbers of lanes, against values that
// math_table.py made with mpmath.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "compiler/codegen/code.h"
#include "compiler/codegen/lanes.h"
#include "compiler/codegen/math/functions.h"
#include "compiler/jit/jit.h"

namespace lacuna::codegen {
namespace {

struct Row {
  double x, y, value, tolerance;
};
using Table = std::map<std::string, std::vector<Row>>;

const std::map<std::string, llvm::Value* (*)(Lanes&, llvm::Value*)>& unary() {
  static const std::map<std::string, llvm::Value* (*)(Lanes&, llvm::Value*)> functions = {
      {"exp", math::emit_exp},
      {"expm1", math::emit_expm1},
      {"sinh", math::emit_sinh},
      {"cosh", math::emit_cosh},
      {"tanh", math::emit_tanh},
      {"log", math::emit_log},
      {"log1p", math::emit_log1p},
      {"log1mexp", math::emit_log1mexp},
      {"sigmoid", math::emit_sigmoid},
      {"softplus", math::emit_softplus},
      {"logit", math::emit_logit},
      {"sin", math::emit_sin},
      {"cos", math::emit_cos},
      {"tan", math::emit_tan},
      {"asin", math::emit_asin},
      {"acos", math::emit_acos},
      {"atan", math::emit_atan},
      {"erf", math::emit_erf},
      {"erfc", math::emit_erfc},
      {"normal_cdf", math::emit_normal_cdf},
      {"normal_log_cdf", math::emit_normal_log_cdf},
      {"normal_quantile", math::emit_normal_quantile},
      {"lgamma", math::emit_lgamma},
      {"digamma", math::emit_digamma},
      {"trigamma", math::emit_trigamma},
      {"log1pmx", math::emit_log1pmx},
      {"expm1mx", math::emit_expm1mx},
      {"lgamma_excess", math::emit_lgamma_excess},
      {"digamma_excess", math::emit_digamma_excess},
  };
  return functions;
}

const std::map<std::string, llvm::Value* (*)(Lanes&, llvm::Value*, llvm::Value*)>& binary() {
  static const std::map<std::string, llvm::Value* (*)(Lanes&, llvm::Value*, llvm::Value*)> functions = {
      {"logaddexp", math::emit_logaddexp},   {"pow", math::emit_pow},
      {"atan2", math::emit_atan2},           {"lbeta", math::emit_lbeta},
      {"log_choose", math::emit_log_choose}, {"xlogy", math::emit_xlogy},
      {"xlog1py", math::emit_xlog1py},       {"kl_div", math::emit_kl_div},
      {"log_ratio", math::emit_log_of_ratio},
  };
  return functions;
}

double number(const std::string& text) {
  return std::strtod(text.c_str(), nullptr);
}

Table read_table() {
  Table table;
  std::ifstream file(LACUNA_MATH_TABLE);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name, text;
    std::vector<double> numbers;
    for (words >> name; words >> text;) numbers.push_back(number(text));
    if (numbers.size() == 3) numbers.insert(numbers.begin() + 1, 0.0);
    table[name].push_back({numbers.at(0), numbers.at(1), numbers.at(2), numbers.at(3)});
  }
  return table;
}

// void name(const double* x, const double* y, double* result, long groups)
void write_loop(Code& code, const Target& target, const std::string& name, unsigned lanes) {
  llvm::LLVMContext& context = *code.context;
  llvm::IRBuilder<> ir(context);
  auto* pointer = ir.getPtrTy();
  auto* type = llvm::FunctionType::get(ir.getVoidTy(), {pointer, pointer, pointer, ir.getInt64Ty()}, false);
  auto* function = llvm::Function::Create(type, llvm::Function::ExternalLinkage, name, *code.module);
  auto* entry = llvm::BasicBlock::Create(context, "entry", function);
  auto* loop = llvm::BasicBlock::Create(context, "loop", function);
  auto* done = llvm::BasicBlock::Create(context, "done", function);
  ir.SetInsertPoint(entry);
  ir.CreateBr(loop);
  ir.SetInsertPoint(loop);
  auto* i = ir.CreatePHI(ir.getInt64Ty(), 2);
  i->addIncoming(ir.getInt64(0), entry);
  llvm::Type* element =
      lanes == 1 ? ir.getDoubleTy() : static_cast<llvm::Type*>(llvm::FixedVectorType::get(ir.getDoubleTy(), lanes));
  auto at = [&](unsigned k) { return ir.CreateGEP(element, function->getArg(k), i); };
  auto load = [&](unsigned k) { return ir.CreateAlignedLoad(element, at(k), llvm::Align(8)); };
  Lanes b(ir, target);
  llvm::Value* result = nullptr;
  if (auto one = unary().find(name); one != unary().end()) result = one->second(b, load(0));
  if (auto two = binary().find(name); two != binary().end()) result = two->second(b, load(0), load(1));
  ir.CreateAlignedStore(result, at(2), llvm::Align(8));
  auto* next = ir.CreateAdd(i, ir.getInt64(1));
  i->addIncoming(next, loop);
  ir.CreateCondBr(ir.CreateICmpULT(next, function->getArg(3)), loop, done);
  ir.SetInsertPoint(done);
  ir.CreateRetVoid();
}

class Math : public testing::TestWithParam<std::tuple<std::string, unsigned>> {};

TEST_P(Math, IsWithinTolerance) {
  const auto [cpu, lanes] = GetParam();
  const Target target = named_target(cpu);
  if (!runs_here(target)) GTEST_SKIP() << "this machine has no " << cpu;
  const Table table = read_table();
  Code code = new_code("math", target);
  for (const auto& [name, function] : unary()) write_loop(code, target, name, lanes);
  for (const auto& [name, function] : binary()) write_loop(code, target, name, lanes);
  ASSERT_EQ(optimise(code, target), "");
  jit::Jit jit;
  ASSERT_EQ(jit.add(assemble(code, target), "math"), "");
  EXPECT_EQ(table.size(), unary().size() + binary().size());
  for (const auto& [name, rows] : table) {
    auto* function = reinterpret_cast<void (*)(const double*, const double*, double*, long)>(jit.find(name));
    ASSERT_NE(function, nullptr) << name;
    const std::size_t size = (rows.size() + lanes - 1) / lanes * lanes;
    std::vector<double> x(size, 0.5), y(size, 0.5), result(size);
    for (std::size_t i = 0; i < rows.size(); ++i) x[i] = rows[i].x, y[i] = rows[i].y;
    function(x.data(), y.data(), result.data(), static_cast<long>(size / lanes));
    double worst = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row& row = rows[i];
      const bool same = row.value == result[i] || (std::isnan(row.value) && std::isnan(result[i]));
      const double error = same ? 0 : std::abs(result[i] - row.value);
      // An infinite or NaN result where a number is expected fails too.
      EXPECT_TRUE(same || error <= row.tolerance) << name << "(" << row.x << ", " << row.y << ") = " << result[i]
                                                  << ", not " << row.value << "; " << error / row.tolerance;
      if (row.tolerance > 0) worst = std::max(worst, error / row.tolerance);
    }
    RecordProperty(name, std::to_string(worst));
  }
}

INSTANTIATE_TEST_SUITE_P(Everywhere, Math,
                         testing::Combine(testing::Values("x86-64-v4", "x86-64-v3", "x86-64"),
                                          testing::Values(1U, 2U, 4U, 8U, 16U)));

}  // namespace
}  // namespace lacuna::codegen
