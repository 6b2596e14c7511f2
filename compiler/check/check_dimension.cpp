// `dim K = 4`, `dim K = ["low", "mid"]`, `dim K`, `dim C = K - 1`, `open J`.
#include <algorithm>
#include <unordered_set>

#include "compiler/check/check_dimension.h"
#include "compiler/check/check_expr_parts.h"
#include "compiler/check/walk.h"
#include "compiler/support/nearest.h"
#include "compiler/syntax/limits.h"

namespace lacuna::check {

using diagnostics::Id;
using types::DimensionOrigin;

void report_lowercase_dimension(Context& c, const syntax::Name& name) {
  auto& report = c.sink.report(Id::LowercaseDimension, name.range, name.text).note("a dimension's name tells it from a value's by its first letter");
  if (name.text.empty() || name.text[0] < 'a' || name.text[0] > 'z') return;
  std::string capital(name.text);
  capital[0] = static_cast<char>(capital[0] - 'a' + 'A');
  if (!c.scope.find(capital)) report.help(fmt::format("write `{}`", capital), {{name.range, capital}});
}

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

// Sizes that follow from each other have no circle, and a limit like every nesting. Walked without recursion, since the author decides
// how long a chain is; where it is cut, the dimension's size is one that is not known.
class Derivations {
 public:
  explicit Derivations(Context& c) : c_(c) {}

  void settle(Dimension& start) {
    if (!depth_.contains(&start)) open(start);
    while (!path_.empty()) {
      Frame& frame = path_.back();
      if (frame.next == frame.bases.size()) {
        const std::uint32_t depth = frame.depth;
        depth_[frame.dimension] = depth;
        path_.pop_back();
        if (!path_.empty()) deepen(path_.back(), depth);
        continue;
      }
      Dimension* base = frame.bases[frame.next++];
      const auto known = depth_.find(base);
      if (known == depth_.end()) {
        open(*base);
      } else if (known->second == kOpen) {
        c_.sink.report(Id::RecursiveDimension, frame.dimension->derived->range, frame.dimension->name);
        cut(frame);
      } else {
        deepen(frame, known->second);
      }
    }
  }

 private:
  static constexpr std::uint32_t kOpen = 0;

  struct Frame {
    Dimension* dimension;
    std::vector<Dimension*> bases;
    std::size_t next = 0;
    std::uint32_t depth = 1;
  };

  void open(Dimension& d) {
    depth_[&d] = kOpen;
    Frame frame{&d, {}};
    if (d.derived) {
      for_each_expr(*d.derived, [&](const Expr& e) {
        if (const auto* size = e.get_if<SizeExpr>()) frame.bases.push_back(const_cast<Dimension*>(size->dimension));
      });
    }
    path_.push_back(std::move(frame));
  }

  void deepen(Frame& frame, std::uint32_t below) {
    frame.depth = std::max(frame.depth, below + 1);
    if (frame.depth <= syntax::kMaximumNesting || !frame.dimension->derived) return;
    const std::uint32_t limit = syntax::kMaximumNesting;
    if (!told_) c_.sink.report(Id::TooDeep, frame.dimension->derived->range, limit).note("each of these sizes follows from the next");
    told_ = true;  // for this one, not for all that follow
    cut(frame);
  }

  static void cut(Frame& frame) {
    frame.dimension->derived = nullptr;
    frame.next = frame.bases.size();
    frame.depth = 1;
  }

  Context& c_;
  std::unordered_map<const Dimension*, std::uint32_t> depth_;
  std::vector<Frame> path_;
  bool told_ = false;
};

// Dimensions that sizes follow from and that no `dim` declares come with a model's signature: `dim C = K - 1`.
void introduce_from_signatures(Context& c, const syntax::Program& program, const syntax::Expr& e) {
  if (const auto* binary = e.get_if<syntax::BinaryExpr>()) {
    introduce_from_signatures(c, program, *binary->left);
    introduce_from_signatures(c, program, *binary->right);
    return;
  }
  if (const auto* unary = e.get_if<syntax::UnaryExpr>()) return introduce_from_signatures(c, program, *unary->operand);
  if (const auto* call = e.get_if<syntax::CallExpr>()) {
    for (const syntax::Argument& argument : call->arguments) {
      if (argument.value) introduce_from_signatures(c, program, *argument.value);
    }
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
      report_lowercase_dimension(c, dim->name);
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
  Derivations derivations(c);
  for (const auto& [dim, d] : declared) derivations.settle(*d);
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
