#include "compiler/check/provisional_type.h"

#include <algorithm>

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/distribution_overload.h"

namespace lacuna::check {

using types::Scalar;

namespace {

bool any_mentions(List<syntax::Expr* const> all, std::string_view name) {
  return std::any_of(all.begin(), all.end(), [&](const syntax::Expr* e) { return e && mentions(*e, name); });
}

// What a try reports or records is taken back.
class Trial {
 public:
  explicit Trial(Context& c)
      : c_(c), reports_(c.sink.diagnostics().size()), obligations_(c.model ? c.model->obligations.size() : 0) {}
  ~Trial() {
    c_.sink.truncate(reports_);
    if (c_.model) c_.model->obligations.resize(obligations_);
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

 private:
  Context& c_;
  std::size_t reports_;
  std::size_t obligations_;
};

struct DimensionSearch {
  Context& c;
  std::string_view name;

  // A written vector has no dimension that others could take.
  const Dimension* from_end(List<const Dimension* const> dims, std::size_t back) const {
    const Dimension* d = back < dims.size() ? dims[dims.size() - 1 - back] : nullptr;
    return d && d->origin != types::DimensionOrigin::Literal ? d : nullptr;
  }

  const Dimension* of_subscript(const syntax::SubscriptExpr& e, std::size_t back) const {
    if (mentions(*e.object, name)) return nullptr;
    const Expr* object = check_expr(c, *e.object, {.allow_optional = true});
    if (object->is_error()) return nullptr;
    std::vector<const Dimension*> left;
    for (std::size_t i = 0; i < object->type.rank(); ++i)
      if (i >= e.items.size() || !e.items[i].index) left.push_back(object->type.dims[i]);
    return from_end(left, back);
  }

  const Dimension* of_comprehension(const syntax::ComprehensionExpr& e, std::size_t back) const {
    if (back >= e.binders.size()) return nullptr;
    const auto found = c.dimensions.find(e.binders[e.binders.size() - 1 - back].dimension.text);
    return found == c.dimensions.end() ? nullptr : found->second;
  }

  // The dimension `back` places before the last of `e`, from parts of it that do not mention the name.
  const Dimension* operator()(const syntax::Expr& e, std::size_t back) const {
    if (!mentions(e, name)) {
      const Expr* value = check_expr(c, e, {.allow_optional = true});
      if (!value->is_error()) return from_end(value->type.dims, back);
    }
    const auto first_of = [&](std::initializer_list<const syntax::Expr*> parts) -> const Dimension* {
      for (const syntax::Expr* part : parts)
        if (const Dimension* d = (*this)(*part, back)) return d;
      return nullptr;
    };
    switch (e.kind) {
      case syntax::ExprKind::If: return first_of({e.as<syntax::IfExpr>().then_value, e.as<syntax::IfExpr>().else_value});
      case syntax::ExprKind::Unary: return first_of({e.as<syntax::UnaryExpr>().operand});
      case syntax::ExprKind::Subscript: return of_subscript(e.as<syntax::SubscriptExpr>(), back);
      case syntax::ExprKind::Comprehension: return of_comprehension(e.as<syntax::ComprehensionExpr>(), back);
      case syntax::ExprKind::Binary: {
        const auto& b = e.as<syntax::BinaryExpr>();
        if (b.op == syntax::BinaryOp::Contract) return (*this)(*b.left, back + 1);
        return first_of({b.left, b.right});
      }
      case syntax::ExprKind::Call:
        for (const syntax::Argument& a : e.as<syntax::CallExpr>().arguments)
          if (const Dimension* d = (*this)(*a.value, back)) return d;
        return nullptr;
      default: return nullptr;
    }
  }
};

// Where a generic dimension stands in a parameter's shape, counted from the end; its rank when it does not.
std::size_t place_from_end(const Type& parameter, const Dimension* generic) {
  const auto found = std::find(parameter.dims.rbegin(), parameter.dims.rend(), generic);
  return static_cast<std::size_t>(found - parameter.dims.rbegin());
}

const Dimension* settle(const DimensionSearch& search, const Binding& binding, const Dimension* generic) {
  const Distribution& d = *binding.distribution;
  for (const Symbol* p : d.parameters) {
    const std::size_t back = place_from_end(p->type, generic);
    const syntax::Expr* source = binding.given[static_cast<std::size_t>(p->parameter - d.declaration->parameters.data())];
    if (back == p->type.rank() || !source) continue;
    if (const Dimension* found = search(*source, back)) return found;
  }
  return nullptr;
}

}  // namespace

bool mentions(const syntax::Expr& e, std::string_view name) {
  switch (e.kind) {
    case syntax::ExprKind::Number:
    case syntax::ExprKind::String:
    case syntax::ExprKind::Constant: return false;
    case syntax::ExprKind::Name: return e.as<syntax::NameExpr>().text == name;
    case syntax::ExprKind::Unary: return mentions(*e.as<syntax::UnaryExpr>().operand, name);
    case syntax::ExprKind::Binary: return mentions(*e.as<syntax::BinaryExpr>().left, name) || mentions(*e.as<syntax::BinaryExpr>().right, name);
    case syntax::ExprKind::If: {
      const auto& i = e.as<syntax::IfExpr>();
      return mentions(*i.condition, name) || mentions(*i.then_value, name) || mentions(*i.else_value, name);
    }
    case syntax::ExprKind::Call: {
      const auto& call = e.as<syntax::CallExpr>();
      if (call.callee->kind == syntax::ExprKind::Member && mentions(*call.callee, name)) return true;
      for (const syntax::Argument& a : call.arguments)
        if (mentions(*a.value, name)) return true;
      return call.where && mentions(*call.where, name);
    }
    case syntax::ExprKind::Member: return mentions(*e.as<syntax::MemberExpr>().object, name);
    case syntax::ExprKind::Subscript: {
      const auto& s = e.as<syntax::SubscriptExpr>();
      if (mentions(*s.object, name)) return true;
      return std::any_of(s.items.begin(), s.items.end(), [&](const syntax::SubscriptItem& i) { return i.index && mentions(*i.index, name); });
    }
    case syntax::ExprKind::Array: return any_mentions(e.as<syntax::ArrayExpr>().elements, name);
    case syntax::ExprKind::Comprehension: {
      const auto& l = e.as<syntax::ComprehensionExpr>();
      return mentions(*l.body, name) || (l.where && mentions(*l.where, name));
    }
  }
  return false;
}

const Dimension* named_dimension(Context& c, const syntax::Expr& e, std::size_t back) {
  const Trial trial(c);
  return DimensionSearch{c, {}}(e, back);
}

Type provisional_type(Context& c, const syntax::Expr& distribution, std::string_view name, List<const Dimension* const> target_dims) {
  const Trial trial(c);
  const auto* call = distribution.get_if<syntax::CallExpr>();
  if (!call) return {};
  const std::vector<Distribution*> overloads = c.library.find(c, callee_name(*call));
  if (overloads.empty()) return {};
  const auto binding = bind_arguments(c, overloads, *call);
  if (!binding) return {};
  const Distribution& d = *binding->distribution;
  if (d.result_of) {
    const syntax::Expr* base = binding->given[static_cast<std::size_t>(d.result_of->parameter - d.declaration->parameters.data())];
    if (!base) return {};
    if (const auto* each = base->get_if<syntax::ComprehensionExpr>()) base = each->body;
    Type t = provisional_type(c, *base, name, target_dims);
    if (t.scalar != Scalar::Index) t.bounds = {};
    return t;
  }
  const DimensionSearch search{c, name};
  Type t = d.result;
  if (d.lower || d.upper) t.bounds = {};
  std::vector<const Dimension*> dims;
  for (std::size_t i = 0; i < t.rank(); ++i) {
    const bool in_target = target_dims.size() >= t.rank();
    const Dimension* settled = in_target ? target_dims[target_dims.size() - t.rank() + i] : settle(search, *binding, t.dims[i]);
    if (!settled) return {};
    dims.push_back(settled);
  }
  t.dims = c.arena.copy(dims);
  if (t.scalar == Scalar::Index) {
    const Dimension* settled = settle(search, *binding, t.index_of);
    if (!settled) {
      // `dim C = K - 1`: the cut points say how many categories there are.
      for (const Dimension* g : d.generic) {
        const auto* rule = g->derived ? g->derived->get_if<BuiltinExpr>() : nullptr;
        const auto* base = rule && rule->op == Builtin::Subtract ? rule->arguments[0]->get_if<SizeExpr>() : nullptr;
        if (!base || base->dimension != t.index_of) continue;
        const Dimension* following = settle(search, *binding, g);
        const auto* own = following && following->derived ? following->derived->get_if<BuiltinExpr>() : nullptr;
        if (own && own->op == Builtin::Subtract)
          if (const auto* size = own->arguments[0]->get_if<SizeExpr>()) settled = size->dimension;
      }
    }
    if (!settled) return {};
    const Type index = types::index_type(settled);
    t.index_of = settled;
    t.bounds = index.bounds;
  }
  return t;
}

}  // namespace lacuna::check
