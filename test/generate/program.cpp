#include "test/generate/program.h"

#include <fmt/format.h>

#include "test/generate/expressions.h"

namespace lacuna::generate {

namespace {

const std::vector<Kind> kArgumentKinds = {Kind::Real, Kind::Real, Kind::Positive, Kind::Unit, Kind::Bool, Kind::Count, Kind::Index};

std::string type_name(const Value& value, const Scope& scope) {
  static const std::vector<std::string> names = {"real", "positive", "unit", "count", "bool"};
  std::string text = value.kind == Kind::Index ? scope.dimensions[static_cast<std::size_t>(value.index_of)]
                                               : names[static_cast<std::size_t>(value.kind)];
  if (value.optional) text += "?";
  for (std::size_t i = 0; i < value.dims.size(); ++i) text += (i == 0 ? "[" : ", ") + scope.dimensions[static_cast<std::size_t>(value.dims[i])];
  return value.dims.empty() ? text : text + "]";
}

class ProgramWriter {
 public:
  ProgramWriter(std::uint64_t seed, const Options& options) : choices_(seed), expressions_(choices_, scope_), options_(options) {}

  Program write() {
    const int free = 1 + choices_.below(3);
    for (int i = 0; i < free; ++i) scope_.dimensions.push_back(fmt::format("N{}", i));
    if (choices_.one_in(2)) declare_dimension();
    write_signature(free);
    add_sample();
    for (int i = options_.statements / 2 + choices_.below(options_.statements); i > 0; --i) add_statement();
    for (const Value& target : targets_) observe(target);
    text_ += "}\n";
    return {std::move(header_) + text_, scope_.dimensions, arguments_};
  }

 private:
  void declare_dimension() {
    scope_.dimensions.emplace_back("K");
    header_ += fmt::format("dim K = {}\n", 2 + choices_.below(3));
  }

  int any_dimension() { return choices_.below(static_cast<int>(scope_.dimensions.size())); }
  const std::string& dimension(int dim) const { return scope_.dimensions[static_cast<std::size_t>(dim)]; }

  std::vector<int> some_dimensions() {
    std::vector<int> dims;
    for (int i = 0; i < static_cast<int>(scope_.dimensions.size()) && dims.size() < 2; ++i) {
      if (choices_.one_in(2)) dims.push_back(i);
    }
    return dims;
  }

  // Every free dimension has an argument that introduces it, and one target at least is there to be observed.
  void write_signature(int free) {
    for (int dim = 0; dim < free; ++dim) add_argument({dim});
    for (int i = choices_.below(4); i > 0; --i) add_argument(some_dimensions());
    for (int i = 1 + choices_.below(2); i > 0; --i) add_target();
    text_ += "model generated(";
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      text_ += fmt::format("{}{}: {}", i == 0 ? "" : ", ", arguments_[i].name, type_name(arguments_[i], scope_));
    }
    text_ += ") {\n";
  }

  void add_argument(std::vector<int> dims) {
    Value value{scope_.fresh("x"), choices_.any_of(kArgumentKinds), std::move(dims), -1, false, true};
    if (value.kind == Kind::Index) value.index_of = any_dimension();
    value.optional = (value.kind == Kind::Real || value.kind == Kind::Positive) && choices_.one_in(3);
    scope_.values.push_back(value);
    arguments_.push_back(std::move(value));
  }

  // Kept out of the scope: nothing but its own statement reads it.
  void add_target() {
    std::vector<Kind> kinds = {Kind::Real, Kind::Positive, Kind::Unit};
    if (options_.discrete_targets) kinds.insert(kinds.end(), {Kind::Count, Kind::Bool});
    std::vector<int> dims = some_dimensions();
    if (dims.empty()) dims.push_back(0);
    Value value{scope_.fresh("y"), choices_.any_of(kinds), std::move(dims), -1, choices_.one_in(2), true};
    targets_.push_back(value);
    arguments_.push_back(std::move(value));
  }

  void add_statement() {
    switch (choices_.below(16)) {
      case 0: case 1: add_sample(); break;
      case 2: case 3: add_let(); break;
      case 4: add_recurrence(); break;
      case 5: add_autoregression(); break;
      case 6: add_plate(); break;
      case 7: add_whole_array(); break;
      case 8: add_mixture(); break;
      case 9: add_table(); break;
      case 10: add_conditional_plate(); break;
      case 11: add_gaps(); break;
      case 12: add_vector(); break;
      case 13: add_steps(); break;
      case 14: text_ += fmt::format("  factor -0.5 * square({})\n", expressions_.real(options_.depth, Stage::Draw)); break;
      default: text_ += fmt::format("  output {} = {}\n", scope_.fresh("q"), expressions_.real(options_.depth, Stage::Draw)); break;
    }
  }

  // `name[i0 in N0, i1 in N1]`, its binders in scope until `close`.
  std::string open_target(const std::string& name, const std::vector<int>& dims) {
    std::string text = name;
    for (std::size_t i = 0; i < dims.size(); ++i) {
      const std::string binder = scope_.fresh("i");
      text += fmt::format("{}{} in {}", i == 0 ? "[" : ", ", binder, dimension(dims[i]));
      scope_.binders.push_back({binder, dims[i]});
    }
    return dims.empty() ? text : text + "]";
  }
  void close_target() { scope_.binders.clear(); }

  // One of the kind's distributions, or now and then a mixture of two.
  std::string distribution(Kind kind) {
    if (!choices_.one_in(6)) return component(kind);
    const std::string share = expressions_.unit(1, Stage::Draw);
    const std::string first = component(kind);
    return fmt::format("Mixture([({}), 1 - ({})], {}, {})", share, share, first, component(kind));
  }

  std::string component(Kind kind) {
    const auto real = [&] { return expressions_.real(options_.depth, Stage::Draw); };
    const auto positive = [&] { return expressions_.positive(options_.depth, Stage::Draw); };
    switch (kind) {
      case Kind::Positive: return choices_.one_in(2) ? fmt::format("LogNormal({}, {})", real(), positive())
                                                     : fmt::format("Gamma({}, {})", positive(), positive());
      case Kind::Unit: return fmt::format("Beta({}, {})", positive(), positive());
      case Kind::Count: return choices_.one_in(2) ? fmt::format("Poisson({})", positive())
                                                  : fmt::format("NegativeBinomial(mean = {}, concentration = {})", positive(), positive());
      case Kind::Bool: return choices_.one_in(2) ? fmt::format("Bernoulli(logit = {})", real())
                                                 : fmt::format("Bernoulli({})", expressions_.unit(options_.depth, Stage::Draw));
      default: return choices_.one_in(3) ? fmt::format("StudentT(4, {}, {})", real(), positive())
                                         : fmt::format("Normal({}, {})", real(), positive());
    }
  }

  void declare(const std::string& name, Kind kind, std::vector<int> dims) { scope_.values.push_back({name, kind, std::move(dims), -1, false, false}); }

  void add_sample() {
    const std::vector<Kind> kinds = {Kind::Real, Kind::Real, Kind::Positive, Kind::Unit};
    const Kind kind = choices_.any_of(kinds);
    const std::string name = scope_.fresh("a");
    const std::vector<int> dims = some_dimensions();
    const std::string target = open_target(name, dims);
    text_ += fmt::format("  sample {} ~ {}\n", target, distribution(kind));
    close_target();
    declare(name, kind, dims);
  }

  void add_let() {
    const std::vector<Kind> kinds = {Kind::Real, Kind::Real, Kind::Positive, Kind::Unit, Kind::Bool};
    const Kind kind = choices_.any_of(kinds);
    const std::string name = scope_.fresh("b");
    const std::vector<int> dims = some_dimensions();
    const std::string target = open_target(name, dims);
    text_ += fmt::format("  let {} = {}\n", target, expressions_.of_kind(kind, options_.depth, Stage::Draw));
    close_target();
    declare(name, kind, dims);
  }

  void add_recurrence() {
    const std::string name = scope_.fresh("r");
    const int dim = any_dimension();
    const std::string target = open_target(name, {dim});
    const std::string t = scope_.binders.back().name;
    text_ += fmt::format("  let {} = if {} == 0 then {} else 0.5 * {}[{} - 1] + {}\n", target, t, expressions_.real(1, Stage::Draw), name, t,
                         expressions_.real(options_.depth, Stage::Draw));
    close_target();
    declare(name, Kind::Real, {dim});
  }

  void add_autoregression() {
    const std::string name = scope_.fresh("w");
    const int dim = any_dimension();
    const std::string target = open_target(name, {dim});
    const std::string t = scope_.binders.back().name;
    text_ += fmt::format("  sample {} ~ Normal(if {} == 0 then 0 else {}[{} - 1], {})\n", target, t, name, t, expressions_.positive(1, Stage::Draw));
    close_target();
    declare(name, Kind::Real, {dim});
  }

  // A local and an array, one for each element.
  void add_plate() {
    const int dim = any_dimension();
    const std::string n = scope_.fresh("i");
    const std::string local = scope_.fresh("l");
    const std::string array = scope_.fresh("p");
    scope_.binders.push_back({n, dim});
    text_ += fmt::format("  for {} in {} {{\n    sample {} ~ {}\n", n, dimension(dim), local, distribution(Kind::Real));
    scope_.values.push_back({local, Kind::Real, {}, -1, false, false});
    text_ += fmt::format("    let {}[{}] = {} + {}\n  }}\n", array, n, local, expressions_.real(options_.depth, Stage::Draw));
    scope_.values.pop_back();  // the local is read inside its plate only
    close_target();
    declare(array, Kind::Real, {dim});
  }

  // A latent and a value that are there only where data say so.
  void add_conditional_plate() {
    const int dim = any_dimension();
    const std::string n = scope_.fresh("i");
    const std::string local = scope_.fresh("l");
    const std::string name = scope_.fresh("c");
    const std::vector<Kind> kinds = {Kind::Real, Kind::Positive, Kind::Unit};
    const Kind kind = choices_.any_of(kinds);
    scope_.binders.push_back({n, dim});
    text_ += fmt::format("  for {} in {} where {} {{\n    sample {} ~ {}\n", n, dimension(dim), expressions_.truth(2, Stage::Data), local, component(kind));
    scope_.values.push_back({local, kind, {}, -1, false, false});
    text_ += fmt::format("    let {} = {} * {}\n    factor -0.1 * square({} - {})\n  }}\n", name, local, expressions_.real(1, Stage::Draw), name,
                         expressions_.real(options_.depth, Stage::Draw));
    scope_.values.pop_back();
    close_target();
  }

  // Gaps that pass through a derived value, and are filled.
  void add_gaps() {
    std::vector<const Value*> found;
    for (const Value& value : arguments_) {
      if (value.optional && value.dims.size() == 1 && &value < &arguments_[arguments_.size() - targets_.size()]) found.push_back(&value);
    }
    if (found.empty()) return add_let();
    const Value chosen = *choices_.any_of(found);
    const std::string gaps = scope_.fresh("g");
    const std::string filled = scope_.fresh("f");
    const std::string n = scope_.fresh("i");
    const std::string N = dimension(chosen.dims[0]);
    scope_.binders.push_back({n, chosen.dims[0]});
    text_ += fmt::format("  let {}[{} in {}]: real? = exp({}[{}]) * {}\n", gaps, n, N, chosen.name, n, expressions_.real(1, Stage::Draw));
    text_ += fmt::format("  let {}[{} in {}] = if present({}[{}]) then {}[{}] else {}\n", filled, n, N, gaps, n, gaps, n, expressions_.real(1, Stage::Draw));
    close_target();
    declare(filled, Kind::Real, chosen.dims);
  }

  // A vector whose elements are bound together.
  void add_vector() {
    const std::string name = scope_.fresh("u");
    const int dim = any_dimension();
    if (dimension(dim) != "K") return add_sample();
    const std::vector<std::string> types = {"simplex[K] ~ Dirichlet(1.5)", "ordered[K] ~ Normal(0, 2)", "positive_ordered[K] ~ Exponential(1)", "zero_sum[K] ~ Flat()"};
    text_ += fmt::format("  sample {}: {}\n", name, choices_.any_of(types));
    declare(name, Kind::Real, {dim});
  }

  // Two values in one plate, each of which reads earlier elements of the other.
  void add_steps() {
    const int dim = any_dimension();
    const std::string t = scope_.fresh("i");
    const std::string first = scope_.fresh("h");
    const std::string second = scope_.fresh("e");
    scope_.binders.push_back({t, dim});
    text_ += fmt::format("  for {} in {} {{\n    let {}[{}] = if {} == 0 then 1 else 0.5 + 0.3 * tanh({}[{} - 1])\n", t, dimension(dim), first, t, t, second, t);
    text_ += fmt::format("    let {}[{}] = {} * {}[{}]\n  }}\n", second, t, expressions_.real(options_.depth, Stage::Draw), first, t);
    close_target();
    declare(second, Kind::Real, {dim});
  }

  // Lined up by name, without an index.
  void add_whole_array() {
    std::vector<const Value*> found;
    for (const Value& value : scope_.values) {
      if (value.kind == Kind::Real && !value.optional && !value.dims.empty()) found.push_back(&value);
    }
    if (found.empty()) return add_let();
    const Value chosen = *choices_.any_of(found);
    const std::string name = scope_.fresh("v");
    text_ += fmt::format("  let {} = {} * tanh({}) - {}\n", name, chosen.name, chosen.name, expressions_.real(1, Stage::Draw));
    declare(name, Kind::Real, chosen.dims);
  }

  // A discrete latent for each row, summed out, that chooses the row's mean.
  void add_mixture() {
    const int rows = any_dimension();
    const int components = any_dimension();
    if (rows == components || targets_.empty()) return add_let();
    const std::string weights = scope_.fresh("m");
    const std::string which = scope_.fresh("z");
    const std::string means = scope_.fresh("a");
    const std::string n = scope_.fresh("i");
    text_ += fmt::format("  sample {} ~ Dirichlet([1.0 for {} in {}])\n", weights, scope_.fresh("i"), dimension(components));
    text_ += fmt::format("  sample {}[{}] ~ Normal(0, 5)\n", means, dimension(components));
    text_ += fmt::format("  sample {}[{}] ~ Categorical({})\n", which, dimension(rows), weights);
    text_ += fmt::format("  factor [-0.5 * square({}[{}[{}]]) for {} in {}]\n", means, which, n, n, dimension(rows));
    declare(means, Kind::Real, {components});
  }

  // A written-out array, and a reduction over it.
  void add_table() {
    const int dim = any_dimension();
    const std::string n = scope_.fresh("i");
    const std::string name = scope_.fresh("t");
    scope_.binders.push_back({n, dim});
    const std::string cell = expressions_.real(options_.depth, Stage::Draw);
    close_target();
    text_ += fmt::format("  let {} = [{} for {} in {}]\n", name, cell, n, dimension(dim));
    text_ += fmt::format("  output {} = mean({}) + logsumexp({})\n", scope_.fresh("q"), name, name);
    declare(name, Kind::Real, {dim});
  }

  void observe(const Value& value) {
    const std::string target = open_target(value.name, value.dims);
    const std::string scored = distribution(value.kind);
    const std::string mask = choices_.one_in(2) ? " where " + expressions_.truth(2, Stage::Data) : "";
    const bool imputed = (value.optional || !mask.empty()) && value.kind == Kind::Real && choices_.one_in(3);
    text_ += fmt::format("  observe {} ~ {}{}{}\n", target, scored, mask, imputed ? " else impute" : "");
    close_target();
  }

  Choices choices_;
  Scope scope_;
  Expressions expressions_;
  Options options_;
  std::string header_;
  std::string text_;
  std::vector<Value> arguments_;
  std::vector<Value> targets_;
};

}  // namespace

Program generate_program(std::uint64_t seed, const Options& options) { return ProgramWriter(seed, options).write(); }

std::string disarrange(const std::string& text, std::uint64_t seed) {
  static const std::vector<std::string> kinds = {" ", " ", " ", "  ", "\n", "\t", " // a remark\n", " /* two\n lines */ ", "\n\n\n"};
  Choices choices(seed);
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '\n') {
      out += choices.any_of(kinds);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace lacuna::generate
