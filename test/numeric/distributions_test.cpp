// The library's distributions, compiled from their text, against `distributions/`: run by the interpreter in double precision, and as
// machine code.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>

#include "compiler/autodiff/differentiate.h"
#include "compiler/check/check.h"
#include "compiler/codegen/target.h"
#include "compiler/density/density.h"
#include "compiler/elaborate/elaborate.h"
#include "compiler/ir/interpreter.h"
#include "compiler/jit/machine.h"
#include "compiler/syntax/parse.h"
#include "test/numeric/library_program.h"
#include "test/numeric/table.h"

namespace lacuna::numeric {
namespace {

using ir::BufferKind;

const std::string kFolder = LACUNA_TABLES "/distributions";

// A table's rows that one program serves: the same parameters in the same shapes, the same member.
struct Group {
  Parameters first;
  std::string member;
  std::vector<std::string> latents;
  bool latent_value = false;
  std::vector<const Row*> rows;
};

// The parameter whose derivative a quantity is: `p` for `d_p[1]`; empty for anything else.
std::string differentiated(const std::string& quantity) {
  return quantity.starts_with("d_") ? quantity.substr(2, quantity.find('[') - 2) : "";
}

std::string member_of(const std::string& quantity) {
  return quantity.starts_with("d_") ? "log_density" : quantity.substr(0, quantity.find('['));
}

std::vector<Group> groups_of(const Table& table) {
  std::map<std::string, Group> groups;
  for (const Row& row : table.rows) {
    const Parameters parameters = read_parameters(row.cells[0]);
    std::string key = member_of(row.cells[1]) + " " + parameters.base;
    for (const Given& g : parameters.given) {
      key += " " + g.name;
      for (const std::size_t length : shape(g.text)) key += ":" + std::to_string(length);
    }
    for (const std::size_t length : shape(row.cells[2])) key += " " + std::to_string(length);
    Group& group = groups[key];
    if (group.rows.empty()) group.first = parameters;
    group.member = member_of(row.cells[1]);
    group.rows.push_back(&row);
    const std::string by = differentiated(row.cells[1]);
    if (by == "x") group.latent_value = true;
    else if (!by.empty() && std::find(group.latents.begin(), group.latents.end(), by) == group.latents.end()) group.latents.push_back(by);
  }
  std::vector<Group> all;
  for (auto& [key, group] : groups) all.push_back(std::move(group));
  return all;
}

// One program's IR with its gradient, ready to be given rows.
class Evaluator {
 public:
  Evaluator(const std::string& text, bool as_machine_code) {
    support::SourceMap sources;
    support::Arena arena;
    diagnostics::Sink sink;
    const syntax::Program program = syntax::parse(sources, sources.add("table.ppl", text), arena, sink);
    const check::CheckedProgram checked = check::check(program, sources, arena, sink);
    if (sink.error_count() == 0) {
      const elaborate::Model model = elaborate::elaborate(*checked.models.front(), sources, arena, sink);
      density::Options options;
      options.natural = true;
      if (sink.error_count() == 0) module_ = density::lower(model, options, sink);
    }
    for (const diagnostics::Diagnostic& d : sink.diagnostics()) {
      if (d.severity() != diagnostics::Severity::Error) continue;
      not_compiled = not_compiled || diagnostics::entry(d.id).code == "E0910";
      mistakes += std::string(diagnostics::entry(d.id).code) + ": " + d.message + "\n";
    }
    if (sink.error_count() > 0) return;
    const autodiff::Reversed made = autodiff::differentiate(module_);
    if (!made.ok()) mistakes += made.error;
    if (as_machine_code) {
      machine_ = std::make_unique<jit::Machine>(module_, codegen::host_target(), 8);
      mistakes += machine_->error();
    } else {
      run_ = std::make_unique<ir::Interpreter>(module_, ir::Precision::Double);
    }
  }

  std::string mistakes;
  bool not_compiled = false;

  // Value and gradient at the named values; nullopt when a check of the data refuses them.
  bool evaluate(const std::map<std::string, std::vector<long double>>& values, long double& value,
                std::map<std::string, std::vector<long double>>& gradient, std::string& error) {
    std::vector<long double> point;
    for (std::uint32_t i = 0; i < module_.buffers.size(); ++i) {
      const ir::Buffer& buffer = module_.buffers[i];
      if (buffer.kind != BufferKind::Input && buffer.kind != BufferKind::Natural) continue;
      const auto named = values.find(plain_name(buffer));
      if (named == values.end()) {
        error = "no value for " + buffer.name;
        return false;
      }
      const std::vector<long double>& given = named->second;
      if (buffer.kind == BufferKind::Natural) {
        point.insert(point.end(), given.begin(), given.end());
        continue;
      }
      ir::InputArray array;
      for (const long double v : given) {
        if (buffer.element.scalar == ir::Scalar::Real) array.reals.push_back(static_cast<double>(v));
        else array.whole.push_back(static_cast<std::int64_t>(v));
      }
      if (machine_) machine_->set_input({i}, {array.reals, array.whole, array.present});
      else run_->set_input({i}, std::move(array));
    }
    if (machine_) return by_machine(values, point, value, gradient);
    const ir::Outcome bound = run_->bind();
    if (!bound.ok()) {
      error = bound.error;
      return bound.error.empty() ? refused(value) : false;
    }
    run_->set_vector(BufferKind::Natural, point);
    const ir::Outcome outcome = run_->call("natural_density_gradient");
    error = outcome.error + outcome.failed_check;
    if (!outcome.ok()) return false;
    value = outcome.results[0].real;
    scatter(run_->vector(BufferKind::Gradient, BufferKind::Natural), values, gradient);
    return true;
  }

 private:
  // Natural values are named after their latent.
  static std::string plain_name(const ir::Buffer& buffer) { return buffer.kind == BufferKind::Natural ? buffer.name.substr(3) : buffer.name; }

  // Data outside a support are refused when bound: as good as a density of 0.
  static bool refused(long double& value) {
    value = -INFINITY;
    return true;
  }

  bool by_machine(const std::map<std::string, std::vector<long double>>& values, const std::vector<long double>& at, long double& value,
                  std::map<std::string, std::vector<long double>>& gradient) {
    if (machine_->bind()) return refused(value);
    const std::vector<double> point(at.begin(), at.end());
    std::vector<double> slopes(at.size());
    value = machine_->run("natural_density_gradient", {.point = point.data(), .gradient = slopes.data()}, 1)[0];
    scatter({slopes.begin(), slopes.end()}, values, gradient);
    return true;
  }

  void scatter(const std::vector<long double>& all, const std::map<std::string, std::vector<long double>>& values,
               std::map<std::string, std::vector<long double>>& gradient) {
    std::size_t next = 0;
    for (const ir::Buffer& buffer : module_.buffers) {
      if (buffer.kind != BufferKind::Natural) continue;
      const std::string name = plain_name(buffer);
      std::vector<long double>& part = gradient[name];
      part.clear();
      for (std::size_t i = 0; i < values.at(name).size(); ++i) part.push_back(all[next++]);
    }
  }

  ir::Module module_;
  std::unique_ptr<ir::Interpreter> run_;
  std::unique_ptr<jit::Machine> machine_;
};

// The element that `d_p[1][0]` or `mean[2]` names, counted in order.
std::size_t element(const std::string& quantity, const std::vector<std::size_t>& lengths) {
  std::size_t at = 0;
  std::size_t axis = 0;
  for (std::size_t open = quantity.find('['); open != std::string::npos; open = quantity.find('[', open + 1), ++axis)
    at = at * (axis < lengths.size() ? lengths[axis] : 1) + std::stoul(quantity.substr(open + 1));
  return at;
}

bool agrees(long double got, long double want, long double allowed) {
  if (std::isnan(want)) return std::isnan(got);
  if (std::isinf(static_cast<double>(want))) return static_cast<double>(got) == static_cast<double>(want);
  return std::fabs(got - want) <= allowed;
}

class DistributionTable : public testing::TestWithParam<std::string> {
 public:
  // Compares one row. `values` are the parameters'; the value's is added.
  void compare(Evaluator& evaluator, const Row& row, std::map<std::string, std::vector<long double>> values) {
    const std::string& quantity = row.cells[1];
    values["x"] = row.cells[2] == "-" ? std::vector<long double>{0.5L} : numbers(row.cells[2]);
    long double value = NAN;
    std::map<std::string, std::vector<long double>> gradient;
    std::string error;
    ASSERT_TRUE(evaluator.evaluate(values, value, gradient, error)) << error << " in line " << row.line;
    const std::string by = differentiated(quantity);
    if (!by.empty()) {
      const std::string& text = by == "x" ? row.cells[2] : parameter(row, by);
      value = gradient.at(by).at(element(quantity, shape(text)));
    }
    // Derivatives by huge parameters are small differences of logs near 1, each rounded to 1e-16.
    const long double scale = number(row.cells[4]);
    // A share is worked out from one of p and 1 - p, whichever its incomplete beta takes; moments from differences of lgamma.
    const long double bar = quantity == "log_density" ? 1e-13L : 1e-12L;
    const long double allowed = by.empty() ? bar * scale + 1e-323L : 1e-10L * scale + 1e-15L;
    EXPECT_TRUE(agrees(value, number(row.cells[3]), allowed))
        << static_cast<double>(value) << " is not " << row.cells[3] << ": " << quantity << " at " << row.cells[2] << ", line " << row.line;
    ++compared_;
  }

  void compare_table(bool as_machine_code);

  int compared_ = 0;

 private:
  static std::string parameter(const Row& row, const std::string& name) {
    for (const Given& g : read_parameters(row.cells[0]).given)
      if (g.name == name) return g.text;
    return "";
  }
};

void DistributionTable::compare_table(bool as_machine_code) {
  const Table table = read_table(kFolder + "/" + GetParam() + ".tsv");
  ASSERT_FALSE(table.rows.empty());
  const std::string name = library_name(GetParam());
  ASSERT_NE(name, "");
  std::string left_out;
  for (const Group& group : groups_of(table)) {
    if (group.rows[0]->cells[1].find("mean[") == 0 || group.rows[0]->cells[1].find("variance[") == 0) continue;
    const LibraryProgram program = library_program(name, group.first, group.member, group.latents, group.latent_value, group.rows[0]->cells[2]);
    ASSERT_EQ(program.mistake, "") << group.rows[0]->cells[0];
    Evaluator evaluator(program.text, as_machine_code);
    if (evaluator.not_compiled) {
      left_out += group.member + " (" + group.rows[0]->cells[0] + "): " + evaluator.mistakes;
      continue;
    }
    ASSERT_EQ(evaluator.mistakes, "") << program.text;
    for (const Row* row : group.rows) {
      std::map<std::string, std::vector<long double>> values;
      for (const Given& g : read_parameters(row->cells[0]).given) values[g.name] = numbers(g.text);
      compare(evaluator, *row, values);
      if (HasFatalFailure()) return;
    }
  }
  RecordProperty("compared", compared_);
  if (!left_out.empty()) std::cout << "not compiled yet:\n" << left_out;
  if (compared_ == 0) GTEST_SKIP() << "not compiled yet:\n" << left_out;
}

TEST_P(DistributionTable, AgreesWithTheInterpreter) { compare_table(false); }
TEST_P(DistributionTable, AgreesWithMachineCode) { compare_table(true); }

INSTANTIATE_TEST_SUITE_P(All, DistributionTable, testing::ValuesIn(tables_in(kFolder)),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace lacuna::numeric
