// `dim K = 4`, `dim K = ["low", "mid"]`, `dim K`, `dim C = K - 1`, `open J`.
#include <algorithm>
#include <unordered_set>

#include "compiler/check/check_dimension.h"
#include "compiler/check/check_expr_parts.h"
#include "compiler/support/nearest.h"

namespace lacuna::check {

using diagnostics::Id;
using types::DimensionOrigin;

namespace {

void read_labels(Context& c, const syntax::ArrayExpr& array, Dimension& d) {
  std::vector<std::string_view> labels;
  std::unordered_set<std::string_view> seen;
  for (const syntax::Expr* e : array.elements) {
    const auto* label = e->get_if<syntax::StringExpr>();
    if (!label) {
      c.sink.report(Id::DimensionDeclaration, e->range, d.name).note("labels are strings: `dim K = [\"low\", \"high\"]`");
      continue;
    }
    if (!seen.insert(label->value).second) c.sink.report(Id::LabelsRepeat, e->range, label->value);
    labels.push_back(label->value);
  }
  d.origin = DimensionOrigin::Labels;
  d.size = static_cast<std::int64_t>(array.elements.size());
  d.labels = c.arena.copy(labels);
}

// Which declared dimensions the size of `d` follows from, itself included: a circle is an error.
bool follows_from(const Expr& e, const Dimension* d) {
  if (const auto* size = e.get_if<SizeExpr>()) {
    if (size->dimension == d) return true;
    return size->dimension->derived && follows_from(*size->dimension->derived, d);
  }
  if (const auto* op = e.get_if<BuiltinExpr>())
    return std::any_of(op->arguments.begin(), op->arguments.end(), [&](const Expr* a) { return follows_from(*a, d); });
  return false;
}

// Dimensions that sizes follow from and that no `dim` declares come with a model's signature: `dim C = K - 1`.
void introduce_from_signatures(Context& c, const syntax::Program& program, const syntax::Expr& e) {
  if (const auto* binary = e.get_if<syntax::BinaryExpr>()) {
    introduce_from_signatures(c, program, *binary->left);
    introduce_from_signatures(c, program, *binary->right);
    return;
  }
  const auto* name = e.get_if<syntax::NameExpr>();
  if (!name || c.dimensions.contains(name->text)) return;
  const auto introduce = [&](const syntax::Name& at) {
    if (at.text != name->text || c.dimensions.contains(at.text)) return;
    auto* d = c.arena.make<Dimension>();
    d->name = at.text;
    d->range = at.range;
    d->origin = DimensionOrigin::Data;
    c.dimensions[at.text] = d;
  };
  for (const syntax::Decl* decl : program.declarations) {
    const auto* model = decl->get_if<syntax::ModelDecl>();
    if (!model) continue;
    for (const syntax::Parameter& p : model->parameters) {
      if (!p.type) continue;
      introduce(p.type->name);
      for (const syntax::Name& d : p.type->dimensions) introduce(d);
    }
  }
}

void read_size(Context& c, const syntax::DimDecl& declaration, Dimension& d) {
  c.names_are_sizes = true;
  const Expr* size = check_expr(c, *declaration.value);
  c.names_are_sizes = false;
  if (size->is_error()) return;
  if (size->type.scalar != types::Scalar::Int || size->type.is_array()) {
    c.sink.report(Id::DimensionDeclaration, size->range, d.name).note("a size is an `int` made of numbers and other dimensions: `dim C = K - 1`");
    return;
  }
  if (size->stage == Stage::Constant && size->type.bounds.is_point()) {
    d.origin = DimensionOrigin::Size;
    d.size = static_cast<std::int64_t>(size->type.bounds.lo);
    if (d.size < 0) c.sink.report(Id::DimensionDeclaration, size->range, d.name).note("a size is not negative");
    return;
  }
  d.origin = DimensionOrigin::Derived;
  if (follows_from(*size, &d)) {
    c.sink.report(Id::RecursiveDimension, size->range, d.name);
    return;
  }
  d.derived = size;
  if (size->type.bounds.is_point()) d.size = static_cast<std::int64_t>(size->type.bounds.lo);
}

}  // namespace

void declare_dimensions(Context& c, const syntax::Program& program) {
  std::vector<std::pair<const syntax::DimDecl*, Dimension*>> declared;
  for (const syntax::Decl* decl : program.declarations) {
    const auto* dim = decl->get_if<syntax::DimDecl>();
    if (!dim) continue;
    if (const auto known = c.dimensions.find(dim->name.text); known != c.dimensions.end()) {
      auto& report = c.sink.report(Id::Redefined, dim->name.range, dim->name.text);
      if (known->second) report.also_at(known->second->range, "defined here");
      continue;
    }
    auto* d = c.arena.make<Dimension>();
    d->name = dim->name.text;
    d->range = dim->name.range;
    d->origin = DimensionOrigin::Given;
    if (!dim->name.text.empty() && dim->name.text[0] >= 'a' && dim->name.text[0] <= 'z')
      c.sink.report(Id::LowercaseDimension, dim->name.range, dim->name.text).note("a dimension's name tells it from a value's by its first letter");
    c.dimensions[dim->name.text] = d;
    declared.emplace_back(dim, d);
  }
  for (const auto& [dim, d] : declared)
    if (dim->value && dim->value->kind != syntax::ExprKind::Array) introduce_from_signatures(c, program, *dim->value);
  for (const auto& [dim, d] : declared) {
    if (!dim->value) continue;
    if (const auto* labels = dim->value->get_if<syntax::ArrayExpr>())
      read_labels(c, *labels, *d);
    else
      read_size(c, *dim, *d);
  }
}

void open_dimensions(Context& c, const syntax::Program& program, const std::vector<CheckedModel*>& models) {
  std::unordered_map<std::string_view, SourceRange> opened;
  for (const syntax::Decl* decl : program.declarations) {
    const auto* open = decl->get_if<syntax::OpenDecl>();
    if (!open) continue;
    for (const syntax::Name& name : open->names) {
      if (const auto [at, fresh] = opened.emplace(name.text, name.range); !fresh) {
        c.sink.report(Id::Redefined, name.range, name.text).label("opened again").also_at(at->second, "opened here");
        continue;
      }
      bool found = c.dimensions.contains(name.text);
      for (CheckedModel* model : models) {
        for (const Dimension* d : model->dimensions) {
          if (d->name != name.text) continue;
          const_cast<Dimension*>(d)->open = true;
          const_cast<Dimension*>(d)->open_range = name.range;
          found = true;
        }
      }
      if (found) continue;
      auto& report = c.sink.report(Id::UnknownOpen, name.range, name.text);
      for (const CheckedModel* model : models)
        for (const Dimension* d : model->dimensions)
          if (support::edit_distance(d->name, name.text, 2) <= 2) {
            report.help(fmt::format("did you mean `{}`?", d->name), {{name.range, std::string(d->name)}});
            return;
          }
    }
  }
}

}  // namespace lacuna::check
