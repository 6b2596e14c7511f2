#include "compiler/density/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compiler/elaborate/reads.h"
#include "compiler/support/sha256.h"
#include "compiler/support/version.h"

namespace lacuna::density {

using elaborate::DimensionKind;
using elaborate::ItemKind;
using types::DimensionOrigin;
using types::Scalar;
using types::Structure;

namespace {

int32_t structure_code(Structure s, bool vector) {
  switch (s) {
    case Structure::None: return vector ? LACUNA_VECTOR : LACUNA_SCALAR;
    case Structure::Simplex: return LACUNA_SIMPLEX;
    case Structure::Ordered: return LACUNA_ORDERED;
    case Structure::PositiveOrdered: return LACUNA_POSITIVE_ORDERED;
    case Structure::UnitVector: return LACUNA_UNIT_VECTOR;
    case Structure::ZeroSum: return LACUNA_ZERO_SUM;
    case Structure::Covariance: return LACUNA_COV;
    case Structure::Correlation: return LACUNA_CORR;
    case Structure::CholeskyCovariance: return LACUNA_CHOLESKY_COV;
    case Structure::CholeskyCorrelation: return LACUNA_CHOLESKY_CORR;
  }
  return LACUNA_SCALAR;
}

// How many coordinates a site has, for people: "County", "N * (K - 1)".
std::string coordinates_phrase(const elaborate::LatentItem& item) {
  const auto& dims = item.symbol->type.dims;
  std::string product;
  const auto event = static_cast<std::size_t>(types::event_rank(item.structure));
  const bool one_less = item.structure == Structure::Simplex || item.structure == Structure::ZeroSum;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    std::string factor = types::dimension_string(dims[i]);
    if (event == 1 && one_less && i + 1 == dims.size()) factor = fmt::format("({} - 1)", factor);
    product += (i ? " * " : "") + factor;
  }
  return product.empty() ? "1" : product;
}

// Whether an argument is read by masks of observed sites and by nothing else: a prediction does without it.
bool only_masks_read(const elaborate::Model& model, const elaborate::Symbol* a) {
  bool in_mask = false, elsewhere = false;
  for (const elaborate::Item* item : model.items) {
    const auto* observed = item->get_if<elaborate::ObservedItem>();
    for (const elaborate::Expr* tree : elaborate::trees_of(*item)) {
      const bool is_mask = observed && tree && (tree == observed->scored || tree == observed->seen);
      elaborate::for_each_node(tree, [&](const elaborate::Expr& node) {
        const auto* variable = node.get_if<check::VariableExpr>();
        if (variable && variable->symbol == a) (is_mask ? in_mask : elsewhere) = true;
      });
    }
  }
  return in_mask && !elsewhere;
}

// The least K for which `e`, K itself or K less a number, is 1; 0 where that cannot be said.
int64_t least_operand(const check::Expr& e, const elaborate::Dimension& d) {
  if (const auto* size = e.get_if<check::SizeExpr>()) return size->dimension == &d ? 1 : 0;
  const auto* less = e.get_if<check::BuiltinExpr>();
  if (!less || less->op != check::Builtin::Subtract) return 0;
  const auto* size = less->arguments[0]->get_if<check::SizeExpr>();
  const auto* literal = less->arguments[1]->get_if<check::LiteralExpr>();
  return size && literal && size->dimension == &d ? 1 + literal->integer : 0;
}

// How many elements a dimension must have: there is no simplex, no unit vector and no vector that sums to 0 of none.
int64_t least_of(const elaborate::Model& model, const elaborate::Dimension& d) {
  int64_t least = 0;
  for (const elaborate::Item* item : model.items) {
    const auto* latent = item->get_if<elaborate::LatentItem>();
    if (!latent || latent->summation != elaborate::Summation::None) continue;
    const Structure s = latent->structure;
    if (s != Structure::Simplex && s != Structure::ZeroSum && s != Structure::UnitVector) continue;
    const elaborate::Dimension* along = latent->symbol->type.dims.back();
    if (along == &d) least = std::max<int64_t>(least, 1);
    else if (along->derived) least = std::max(least, least_operand(*along->derived, d));
  }
  return least;
}

// What a value must be: "positive", "a `simplex`", "between 0 and 3".
std::string required_words(const check::Obligation& o) {
  if (o.structure != Structure::None) return fmt::format("a `{}`", types::structure_name(o.structure));
  if (o.required == types::Interval::positive()) return "positive";
  if (std::isinf(o.required.hi)) return fmt::format("at least {}", o.required.lo);
  if (std::isinf(o.required.lo)) return fmt::format("at most {}", o.required.hi);
  return fmt::format("between {} and {}", o.required.lo, o.required.hi);
}

}  // namespace

Metadata::Metadata(const elaborate::Model& model, const support::SourceMap& sources, std::string target) : model_(model), sources_(sources) {
  add_dimensions();
  add_arguments();
  add_sites();
  add_checks();
  const syntax::ModelDecl& declaration = *model.checked->declaration;
  const support::SourceFile& file = sources.file(declaration.range.file);
  const std::string_view path = file.path();
  metadata_.struct_size = sizeof(lacuna_metadata);
  metadata_.name = text(model.name);
  metadata_.source_name = text(path.substr(path.find_last_of('/') + 1));
  metadata_.source = text(file.text());
  metadata_.source_hash = text(support::sha256_hex(file.text()));
  metadata_.compiler = text(support::version());
  metadata_.target = text(target);
  metadata_.doc = declaration.doc.empty() ? nullptr : text(declaration.doc);
  metadata_.dimension_count = static_cast<int32_t>(dimensions_.size());
  metadata_.argument_count = static_cast<int32_t>(arguments_.size());
  metadata_.site_count = static_cast<int32_t>(sites_.size());
  metadata_.check_count = static_cast<int32_t>(checks_.size());
  metadata_.dimensions = dimensions_.data();
  metadata_.arguments = arguments_.data();
  metadata_.sites = sites_.data();
  metadata_.checks = checks_.data();
  metadata_.parameter_count = static_cast<int32_t>(parameters_.size());
  metadata_.parameters = parameters_.data();
}

int Metadata::site_of(const elaborate::Item& item) const {
  for (const auto& [known, site] : site_of_item_)
    if (known == &item) return site;
  return -1;
}

const char* Metadata::text(std::string_view s) {
  strings_.emplace_back(s);
  return strings_.back().c_str();
}

const int32_t* Metadata::table(std::vector<int32_t> values) {
  tables_.push_back(std::move(values));
  return tables_.back().data();
}

lacuna_range Metadata::range_of(support::SourceRange range) const {
  const support::SourceFile& file = sources_.file(range.file);
  const support::Position begin = file.position(range.begin);
  const support::Position end = file.position(range.end);
  return {begin.line, range.begin - file.line_start(begin.line) + 1, end.line, range.end - file.line_start(end.line) + 1};
}

int32_t Metadata::dimension_of(const elaborate::Dimension* d) const {
  for (std::size_t i = 0; i < model_.dimensions.size(); ++i)
    if (model_.dimensions[i].dimension == d) return static_cast<int32_t>(i);
  return -1;
}

lacuna_type Metadata::type_of(const check::Type& t) {
  lacuna_type made{};
  made.index_of = -1;
  made.structure = structure_code(t.structure, false);
  made.lower = t.bounds.lo;
  made.upper = t.bounds.hi;
  made.open = (t.bounds.lo_open ? 1 : 0) | (t.bounds.hi_open ? 2 : 0);
  switch (t.scalar) {
    case Scalar::Int: made.kind = LACUNA_INT; break;
    case Scalar::Bool: made.kind = LACUNA_BOOL; break;
    case Scalar::Index:
      made.kind = LACUNA_INDEX_OF;
      made.index_of = dimension_of(t.index_of);
      break;
    default: made.kind = LACUNA_REAL;
  }
  return made;
}

void Metadata::add_dimensions() {
  for (const elaborate::DimensionInfo& info : model_.dimensions) {
    const elaborate::Dimension& d = *info.dimension;
    lacuna_dimension_info made{};
    made.name = text(d.name);
    made.kind = info.kind == DimensionKind::Free ? LACUNA_FREE : info.kind == DimensionKind::Open ? LACUNA_OPEN : LACUNA_CLOSED;
    made.origin = d.origin == DimensionOrigin::Derived ? LACUNA_DERIVED : LACUNA_GIVEN;
    made.ordered = info.ordered ? 1 : 0;
    made.apart = info.apart ? 1 : 0;
    made.declared_size = d.size;
    made.least = least_of(model_, d);
    made.range = range_of(d.range);
    if (d.origin == DimensionOrigin::Derived) made.rule = text(check::to_string(*d.derived));
    if (d.origin == DimensionOrigin::Labels) {
      std::vector<const char*> labels;
      for (const std::string_view label : d.labels) labels.push_back(text(label));
      label_tables_.push_back(std::move(labels));
      made.labels = label_tables_.back().data();
      made.pinned = 1;
    }
    dimensions_.push_back(made);
  }
}

void Metadata::add_arguments() {
  for (const elaborate::Symbol* a : model_.arguments) {
    lacuna_argument_info made{};
    made.name = text(a->name);
    made.type = type_of(a->type);
    made.rank = static_cast<int32_t>(a->type.rank());
    made.flags = a->type.optional ? LACUNA_OPTIONAL : 0;
    if (elaborate::is_unchecked(model_, a)) made.flags |= LACUNA_UNCHECKED;
    if (a->type.optional && a->type.dims.size() > 1) made.flags |= LACUNA_SPARSE;
    for (const elaborate::Item* item : model_.items)
      if (const auto* observed = item->get_if<elaborate::ObservedItem>(); observed && observed->target == a) made.flags |= LACUNA_TARGET;
    if (!(made.flags & LACUNA_TARGET) && only_masks_read(model_, a)) made.flags |= LACUNA_MASK;
    std::vector<int32_t> axes;
    for (const elaborate::Dimension* d : a->type.dims) axes.push_back(dimension_of(d));
    made.axes = table(std::move(axes));
    if (a->kind == check::SymbolKind::Label) made.flags |= LACUNA_LABEL;
    made.doc = a->doc.empty() ? nullptr : text(a->doc);
    made.range = range_of(a->range);
    arguments_.push_back(made);
  }
}

lacuna_site_info Metadata::site_base(const elaborate::Item& item, int32_t kind) {
  lacuna_site_info made{};
  made.name = text(item.name);
  made.kind = kind;
  made.argument = -1;
  made.type.index_of = -1;
  made.range = range_of(item.range);
  made.statement = text(sources_.text(item.body_range));
  if (item.symbol) {
    made.type = type_of(item.symbol->type);
    made.rank = static_cast<int32_t>(item.symbol->type.rank());
    std::vector<int32_t> axes;
    for (const elaborate::Dimension* d : item.symbol->type.dims) axes.push_back(dimension_of(d));
    made.axes = table(std::move(axes));
    made.doc = item.symbol->doc.empty() ? nullptr : text(item.symbol->doc);
  } else {
    made.axes = table({});
  }
  return made;
}

void Metadata::add_latent(const elaborate::LatentItem& item) {
  lacuna_site_info made = site_base(item, LACUNA_LATENT);
  made.event_rank = static_cast<int32_t>(item.event.size());
  made.type.structure = structure_code(item.structure, !item.event.empty());
  // Bounds that latents decide cannot be said here.
  if (item.lower && item.lower->stage > check::Stage::Data) made.type.lower = std::nan("");
  if (item.upper && item.upper->stage > check::Stage::Data) made.type.upper = std::nan("");
  made.partial = item.space.where ? 1 : 0;
  if (item.noncentered) made.flags |= LACUNA_NONCENTERED;
  if (item.summation != elaborate::Summation::None) {
    made.flags |= LACUNA_SUMMED;
  } else {
    made.coordinates = text(coordinates_phrase(item));
    parameters_.push_back(static_cast<int32_t>(sites_.size()));
  }
  sites_.push_back(made);
}

void Metadata::add_observed(const elaborate::ObservedItem& item) {
  lacuna_site_info made = site_base(item, LACUNA_OBSERVED);
  made.event_rank = static_cast<int32_t>(item.event.size());
  if (!item.event.empty()) made.type.structure = structure_code(item.target->type.structure, true);
  for (std::size_t i = 0; i < model_.arguments.size(); ++i)
    if (model_.arguments[i] == item.target) made.argument = static_cast<int32_t>(i);
  sites_.push_back(made);
  if (item.imputation == elaborate::Imputation::None) return;
  lacuna_site_info imputed = made;
  imputed.name = text(fmt::format("{}.imputed", item.name));
  imputed.kind = LACUNA_IMPUTED;
  imputed.partial = 1;
  if (item.imputation == elaborate::Imputation::Leaf) imputed.flags |= LACUNA_LEAF;
  if (item.imputation == elaborate::Imputation::Summed) imputed.flags |= LACUNA_SUMMED;
  if (item.imputation == elaborate::Imputation::Latent) {
    imputed.coordinates = text("one for each cell that is not scored");
    parameters_.push_back(static_cast<int32_t>(sites_.size()));
  }
  sites_.push_back(imputed);
}

int site_count(const elaborate::Item& item) {
  if (item.kind != ItemKind::Observed) return item.kind == ItemKind::Let ? 0 : 1;
  return item.as<elaborate::ObservedItem>().imputation == elaborate::Imputation::None ? 1 : 2;
}

// One for each of the model's conditions, also those on latents, so that numbers are the same.
void Metadata::add_checks() {
  using Kind = check::Obligation::Kind;
  for (const check::Obligation& o : model_.obligations) {
    const std::string_view source = sources_.text(o.range);
    std::string message;
    switch (o.kind) {
      case Kind::Support:
      case Kind::Claim: {
        const std::string role = o.parameter.empty() ? "" : fmt::format(", {},", o.parameter);
        message = fmt::format("`{}`{} must be {}", source, role, required_words(o));
        break;
      }
      case Kind::IndexRange: message = fmt::format("`{}` must be an index of {}", source, types::dimension_string(o.dimension)); break;
      case Kind::DomainRead: message = fmt::format("`{}` is read where it does not exist", source); break;
      case Kind::EarlierElement: message = fmt::format("`{}` must be an earlier element", source); break;
      case Kind::Disjoint: message = fmt::format("cells of `{}` are scored twice", source); break;
      case Kind::Length: message = fmt::format("`{}` has {} elements, and {} has not", source, o.required.lo, types::dimension_string(o.dimension)); break;
    }
    checks_.push_back({text(message), range_of(o.range)});
  }
}

void Metadata::add_sites() {
  for (const elaborate::Item* item : model_.items) {
    if (item->kind == ItemKind::Let) continue;
    site_of_item_.emplace_back(item, static_cast<int>(sites_.size()));
    switch (item->kind) {
      case ItemKind::Latent: add_latent(item->as<elaborate::LatentItem>()); break;
      case ItemKind::Observed: add_observed(item->as<elaborate::ObservedItem>()); break;
      case ItemKind::Factor: sites_.push_back(site_base(*item, LACUNA_FACTOR)); break;
      case ItemKind::Output: {
        const auto& output = item->as<elaborate::OutputItem>();
        lacuna_site_info made = site_base(*item, LACUNA_OUTPUT);
        made.event_rank = static_cast<int32_t>(output.event.size());
        if (output.distribution) made.flags |= LACUNA_DRAWN;
        sites_.push_back(made);
        break;
      }
      case ItemKind::Let: break;
    }
  }
}

}  // namespace lacuna::density
