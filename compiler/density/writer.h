// Writes expressions of the elaborated model as IR, at the place where a builder stands.
//
// One writer serves one function body (or one space's predicate). Arrays are never stored: an element is computed where it is
// read, and later passes share what is computed twice.
#pragma once
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "compiler/density/operand.h"

namespace lacuna::density {

// Something that is not compiled yet; becomes E0910 at `range`.
struct NotCompiled : std::runtime_error {
  NotCompiled(const std::string& what, support::SourceRange at) : std::runtime_error(what), range(at) {}
  support::SourceRange range;
};

// The dimensions of the module, by the entities of the check.
class DimensionTable {
 public:
  explicit DimensionTable(ir::Module& module) : module_(module) {}
  ir::DimId id(const Dimension* dimension);
  // The size of a derived dimension as a polynomial in sizes, some of them made for it; throws NotCompiled when it is none.
  ir::SizeExpr size_of(const Expr& e);
  ir::SizeExpr by_rule(const Expr& e, ir::Dim::Rule rule);

 private:
  ir::Module& module_;
  std::unordered_map<const Dimension*, ir::DimId> known_;
};

// What the sources of chance of one draw are keyed by. Each gets blocks of its own: the first those from 0, the next those from
// 1, and so on; those of an array's elements share four, and mix the element's position into the key.
struct Chance {
  ValueId seed, cell, counter;  // the counter at block 0
  int next = 0;                 // source, of kSources
  int end = 64;
};

class Writer {
 public:
  using At = std::function<ValueId(const Values& indices)>;

  Writer(ir::Module& module, DimensionTable& dims, ir::Builder& builder) : module_(module), dims_(dims), b(builder) {}

  // The value of a single number, bool or index; its IR type follows from the expression's type.
  ValueId scalar(const Expr& e, const Env& env);
  // Any expression: an array where its type has dimensions, an instance for a distribution.
  Operand operand(const Expr& e, const Env& env);
  std::shared_ptr<const Array> array(const Expr& e, const Env& env);
  std::shared_ptr<const Instance> instance(const Expr& e, const Env& env);
  // A bool: every optional cell that `e` reads is there.
  ValueId presence(const Expr& e, const Env& env);

  // A member of a distribution at `arguments`, with the library's rules for members that are not written.
  ValueId member(const Instance& d, std::string_view name, const std::vector<Operand>& arguments, support::SourceRange range);
  // The same where the value asked about may lie outside the support: there a log density is -inf, a `cdf` 0 below and 1 above
  // (stdlib/README.md). `Parameters`: only ends that parameters give are compared, since data are checked against the others.
  enum class Ends { All, Parameters };
  ValueId member_anywhere(const Instance& d, std::string_view name, const std::vector<Operand>& arguments, support::SourceRange range,
                          Ends ends = Ends::All);
  // The log of the derivative of `from_standard` at a standard normal.
  ValueId log_slope_of_standard(const Instance& d, ValueId z, support::SourceRange range);
  // The standard normal that `from_standard` turns into `x`.
  ValueId standard_from(const Instance& d, ValueId x, support::SourceRange range);

  // An array-valued member without parameters.
  std::shared_ptr<const Array> member_array(const Instance& d, std::string_view name, support::SourceRange range);

  // A draw from what lies between the bounds; none: no bound.
  ValueId draw_between(const Instance& d, std::optional<ValueId> lower, std::optional<ValueId> upper, support::SourceRange range);

  // Sources of chance mean something from here on; null: nothing.
  void set_chance(Chance* chance) { chance_ = chance; }
  // What `present` means of a cell of `symbol`, where it is not the input's own presence.
  // Returns what it meant before.
  At set_presence(const Symbol* symbol, At presence) { return std::exchange(presence_[symbol], std::move(presence)); }
  // Asked first for each scalar expression: a value that is known already.
  using Known = std::function<std::optional<ValueId>(const Expr& e, const Env& env)>;
  void set_known(Known known) { known_ = std::move(known); }

  // Conversions between kinds, where the kinds differ.
  ValueId to_real(ValueId v);
  ValueId to_int(ValueId v);
  ValueId to_bool(ValueId v);
  ValueId to_index(ValueId v, ir::DimId dim);
  ValueId coerce(ValueId v, const check::Type& type, const Env& env);
  Operand coerce(const Operand& o, const check::Type& type, const Env& env);

  ir::DimId dim(const Dimension* d, const Env& env) { return dims_.id(env->resolve(d)); }
  ir::Builder& builder() { return b; }

 private:
  friend struct BuiltinWriter;
  ValueId variable(const Expr& e, const Symbol& symbol, const Env& env);
  ValueId builtin(const check::BuiltinExpr& e, const Env& env);
  ValueId element(const check::BuiltinExpr& e, const std::vector<ValueId>& arguments);
  ValueId reduce(const check::ReduceExpr& e, const Env& env);
  ValueId reduce_body(check::Builtin op, ir::Domain domain, const std::function<ValueId(const Values&)>& body,
                      const std::function<ValueId(const Values&)>& condition, support::SourceRange range);
  ValueId choose(const check::IfExpr& e, const Env& env);
  ValueId call(const check::FunctionCallExpr& e, const Env& env);
  Env call_environment(const check::FunctionCallExpr& e, const Env& env);
  ValueId subscript(const check::SubscriptExpr& e, const Env& env);
  ValueId member_expr(const check::MemberExpr& e, const Env& env);
  bool is_discrete(const Instance& d) const;
  // The lower or upper end of a scalar support; none where it is infinite or the kind itself ends.
  std::optional<ValueId> support_end(const Instance& d, bool lower);
  // Components of mixtures (write_mixture.cpp): those that an expression reads an element of, or none.
  std::shared_ptr<const Components> components_of(const Expr& e, const Env& env);
  ValueId component_member(const Components& c, const check::SubscriptExpr& which, std::string_view name, const std::vector<Operand>& arguments,
                           const Env& env, support::SourceRange range);
  // Writes a reduction over components that are listed one by one; none when the reduction is another.
  std::optional<ValueId> reduce_components(const check::ReduceExpr& e, const Env& env);
  std::shared_ptr<const Array> builtin_array(const check::BuiltinExpr& e, const Env& env);
  std::shared_ptr<const Array> cumulative_sum(const check::BuiltinExpr& e, const Env& env);
  std::shared_ptr<const Array> member_array(const check::MemberExpr& e, const Env& env);
  // The indices of an array's own axes, out of those of an operation whose axes contain them.
  static Values lined_up(const Expr& e, const std::vector<const Dimension*>& dims, const Values& indices);
  // The element of `e` (an array or a scalar that fills one) at `indices`, which run over `dims`.
  ValueId element_of(const Expr& e, const Env& env, const std::vector<const Dimension*>& dims, const Values& indices);

  // write_chance.cpp
  ValueId chance(const check::BuiltinExpr& e, const Env& env);
  ValueId category(const check::BuiltinExpr& e, const Env& env);
  std::shared_ptr<const Array> multinomial(const check::BuiltinExpr& e, const Env& env);
  Values source(support::SourceRange range);
  ValueId source_of_uniform(support::SourceRange range);
  // Runs `body` where each source of chance belongs to the element at `indices` of what reserved `first` and the three behind.
  ValueId in_element(int first, const Values& indices, const std::function<ValueId()>& body);
  int reserve_element(support::SourceRange range);
  ValueId search(const Instance& d, bool upper, const Operand& share, support::SourceRange range);
  std::shared_ptr<const Array> array_of(const Symbol& symbol, const Env& env) const;
  ValueId present_element(const Expr& e, const Env& env, const std::vector<const Dimension*>& dims, const Values& indices);
  ValueId all_present(check::List<const Expr* const> parts, const Env& env);
  ValueId both(ValueId a, ValueId b2);
  ValueId solve(const Expr& e, const Symbol* unknown, ValueId value, const Env& env);
  std::optional<ValueId> log_slope(const Expr& e, const Symbol* variable, const Env& env);

  ir::Module& module_;
  DimensionTable& dims_;
  ir::Builder& b;
  Chance* chance_ = nullptr;
  std::unordered_map<const Symbol*, At> presence_;
  Known known_;
  std::unordered_map<std::uint32_t, std::size_t> constant_indices_;  // indices that are constants, by the number of their value
};

// Whether evaluating `e` draws anything.
bool draws(const Expr& e);

}  // namespace lacuna::density
