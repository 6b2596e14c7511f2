// The text of `--emit=model`: the model's dimensions and arguments, then one line an item.
#include <fmt/format.h>

#include <cmath>

#include "compiler/elaborate/model.h"

namespace lacuna::elaborate {

namespace {

std::string_view kind_name(DimensionKind kind) {
  switch (kind) {
    case DimensionKind::Free: return "free";
    case DimensionKind::Open: return "open";
    case DimensionKind::Closed: return "closed";
  }
  return "";
}

std::string_view summation_name(Summation s) { return s == Summation::Chain ? "chain" : "independent"; }

std::string indices(const Space& space) {
  std::string s;
  for (const Symbol* index : space.indices)
    s += fmt::format("{}{} in {}", s.empty() ? "" : ", ", index->name, types::dimension_string(index->type.index_of));
  return s;
}

// ` over { n in N | keep[n] }`, nothing for a single cell.
std::string over(const Space& space) {
  if (space.indices.empty()) return space.where ? fmt::format(" where {}", check::to_string(*space.where)) : "";
  const std::string where = space.where ? " | " + check::to_string(*space.where) : "";
  return fmt::format(" over {{ {}{} }}", indices(space), where);
}

std::string in_order(const Item& item) {
  if (!item.ordered) return "";
  std::string s;
  for (const Symbol* index : item.order) s += fmt::format("{}{}", s.empty() ? "" : ", ", index->name);
  return " in order of " + s;
}

// The support as an interval of bounds that may depend on latents: ` in [0, 1 - alpha]`.
std::string bounds(const Expr* lower, const Expr* upper) {
  if (!lower && !upper) return "";
  return fmt::format(" in [{}, {}]", lower ? check::to_string(*lower) : "-inf", upper ? check::to_string(*upper) : "inf");
}

std::string support(const LatentItem& item) {
  if (item.structure != types::Structure::None) {
    const auto together = item.symbol->type.dims.last(static_cast<std::size_t>(types::event_rank(item.structure)));
    return fmt::format(": {}", types::structure_name(item.structure)) + types::shape_string(together);
  }
  if (!item.event.empty()) return ": real" + types::shape_string(item.event);
  const types::Type& type = item.symbol->type;
  if (type.scalar == types::Scalar::Index) return ": " + types::dimension_string(type.index_of);
  if (type.scalar == types::Scalar::Bool) return ": bool";
  return (type.scalar == types::Scalar::Int ? ": int" : ": real") + bounds(item.lower, item.upper);
}

std::string line(const LetItem& item) {
  return fmt::format("let {}{}{} = {}", item.name, over(item.space), in_order(item), check::to_string(*item.value));
}

std::string line(const LatentItem& item) {
  std::string s = fmt::format("latent {}{}{}{} ~ {}", item.name, support(item), over(item.space), in_order(item), check::to_string(*item.distribution));
  if (item.noncentered) s += " noncentered";
  if (item.summation != Summation::None) s += fmt::format(", summed out ({})", summation_name(item.summation));
  if (item.normaliser) s += fmt::format(", plus {}", check::to_string(*item.normaliser));
  return s;
}

std::string imputation(const ObservedItem& item) {
  switch (item.imputation) {
    case Imputation::None: return "";
    case Imputation::Leaf: return ", gaps drawn after inference";
    case Imputation::Latent: return fmt::format(", gaps are latents{}", bounds(item.lower, item.upper));
    case Imputation::Summed: return fmt::format(", gaps summed out ({})", summation_name(item.summation));
  }
  return "";
}

std::string line(const ObservedItem& item) {
  std::string s = fmt::format("observed {}{}{}", item.name, over(item.space), in_order(item));
  if (item.scored) s += " scored " + check::to_string(*item.scored);
  if (item.seen) {
    Space event{item.seen_indices, item.seen};
    s += " seen" + over(event);
  }
  return s + fmt::format(": {}{}", check::to_string(*item.distribution), imputation(item));
}

std::string line(const FactorItem& item) {
  return fmt::format("{}{}: {}", item.name, over(item.space), check::to_string(*item.value));
}

std::string line(const OutputItem& item) {
  std::string s = fmt::format("output {}{}", item.name, over(item.space));
  if (item.value) return s + fmt::format(" = {}", check::to_string(*item.value));
  return s + fmt::format(" ~ {}", check::to_string(*item.distribution));
}

std::string line(const Item& item) {
  switch (item.kind) {
    case ItemKind::Let: return line(item.as<LetItem>());
    case ItemKind::Latent: return line(item.as<LatentItem>());
    case ItemKind::Observed: return line(item.as<ObservedItem>());
    case ItemKind::Factor: return line(item.as<FactorItem>());
    case ItemKind::Output: return line(item.as<OutputItem>());
  }
  return "";
}

std::string line(const check::Obligation& o) {
  using Kind = check::Obligation::Kind;
  Space space{o.indices, o.guard};
  std::string s = "check";
  switch (o.kind) {
    case Kind::Support:
    case Kind::Claim: {
      const std::string what = o.structure != types::Structure::None
                                   ? std::string(types::structure_name(o.structure))
                                   : fmt::format("{}{}, {}{}", o.required.lo_open ? "(" : "[", o.required.lo, o.required.hi, o.required.hi_open ? ")" : "]");
      s += fmt::format(" {} in {}", check::to_string(*o.subject), what);
      break;
    }
    case Kind::IndexRange: s += fmt::format(" {} in {}", check::to_string(*o.subject), types::dimension_string(o.dimension)); break;
    case Kind::Length: s += fmt::format(" size({}) = {}", types::dimension_string(o.dimension), o.required.lo); break;
    case Kind::DomainRead:
    case Kind::EarlierElement:
    case Kind::Disjoint: s += fmt::format(" {}", check::to_string(*o.condition)); break;
  }
  return s + over(space);
}

std::string line(const GuardedRead& read) {
  std::string s = fmt::format("given {}", read.argument->name);
  for (std::size_t i = 0; i < read.indices.size(); ++i) s += (i ? ", " : "[") + check::to_string(*read.indices[i]);
  if (!read.indices.empty()) s += "]";
  return s + over({read.inner, read.guard}) + fmt::format(" in {}", read.item->name);
}

}  // namespace

std::string to_string(const Model& model) {
  std::string text = fmt::format("model {}\n", model.name);
  for (const DimensionInfo& d : model.dimensions)
    text += fmt::format("  dimension {}: {}{}{}\n", types::dimension_string(d.dimension), kind_name(d.kind), d.ordered ? ", in order" : "", d.apart ? ", apart" : "");
  for (const Symbol* argument : model.arguments) text += fmt::format("  argument {}: {}\n", argument->name, types::to_string(argument->type));
  for (const Item* item : model.items) text += fmt::format("  {}\n", line(*item));
  for (const check::Obligation& o : model.obligations) text += fmt::format("  {}\n", line(o));
  for (const GuardedRead& read : model.guarded_reads) text += fmt::format("  {}\n", line(read));
  return text;
}

}  // namespace lacuna::elaborate
