#include "compiler/ir/module.h"

#include <fmt/format.h>

#include <algorithm>

namespace lacuna::ir {
namespace {

// Terms with equal dimensions are joined, zero ones dropped, the order fixed: equal polynomials compare equal.
SizeExpr normalised(SizeExpr expr) {
  std::sort(expr.terms.begin(), expr.terms.end(), [](const SizeTerm& a, const SizeTerm& b) {
    return a.dims.size() != b.dims.size() ? a.dims.size() > b.dims.size() : a.dims < b.dims;
  });
  SizeExpr result;
  for (SizeTerm& term : expr.terms) {
    if (!result.terms.empty() && result.terms.back().dims == term.dims) {
      result.terms.back().coefficient += term.coefficient;
    } else {
      result.terms.push_back(std::move(term));
    }
  }
  std::erase_if(result.terms, [](const SizeTerm& term) { return term.coefficient == 0; });
  return result;
}

template <class IdType, class Table>
IdType find_by_name(const Table& table, std::string_view name) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].name == name) return {static_cast<std::uint32_t>(i)};
  }
  return {};
}

}  // namespace

SizeExpr SizeExpr::product(std::vector<DimId> dims) {
  std::sort(dims.begin(), dims.end());
  return SizeExpr{{{1, std::move(dims)}}};
}

SizeExpr SizeExpr::operator+(const SizeExpr& other) const {
  SizeExpr sum = *this;
  sum.terms.insert(sum.terms.end(), other.terms.begin(), other.terms.end());
  return normalised(std::move(sum));
}

std::int64_t SizeExpr::evaluate(const std::function<std::int64_t(DimId)>& size_of) const {
  std::int64_t total = 0;
  for (const SizeTerm& term : terms) {
    std::int64_t product = term.coefficient;
    for (DimId dim : term.dims) product *= size_of(dim);
    total += product;
  }
  return total;
}

namespace {

// Rounded down; by 0: 0.
std::int64_t quotient(std::int64_t a, std::int64_t b) {
  if (b == 0) return 0;
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

}  // namespace

std::int64_t Dim::follow(const std::function<std::int64_t(DimId)>& size_of) const {
  const std::int64_t sum = size.evaluate(size_of);
  if (rule == Rule::Sum) return sum;
  const std::int64_t with = other.evaluate(size_of);
  if (rule == Rule::Quotient) return quotient(sum, with);
  return rule == Rule::Least ? std::min(sum, with) : std::max(sum, with);
}

void Dim::for_each_source(const std::function<void(DimId)>& visit) const {
  for (const SizeExpr* part : {&size, &other}) {
    for (const SizeTerm& term : part->terms) {
      for (DimId source : term.dims) visit(source);
    }
  }
}

std::string_view rule_name(Dim::Rule rule) {
  switch (rule) {
    case Dim::Rule::Quotient:
      return "quotient";
    case Dim::Rule::Least:
      return "least";
    case Dim::Rule::Greatest:
      return "greatest";
    default:
      return "";
  }
}

Stage stage_of(BufferKind kind) {
  return kind == BufferKind::Input || kind == BufferKind::Data ? Stage::Data : Stage::Draw;
}

DimId Module::add(Dim new_dim) {
  dims.push_back(std::move(new_dim));
  return {static_cast<std::uint32_t>(dims.size() - 1)};
}

BufferId Module::add(Buffer new_buffer) {
  buffers.push_back(std::move(new_buffer));
  return {static_cast<std::uint32_t>(buffers.size() - 1)};
}

SpaceId Module::add(Space new_space) {
  spaces.push_back(std::move(new_space));
  return {static_cast<std::uint32_t>(spaces.size() - 1)};
}

DimId Module::find_dim(std::string_view dim_name) const {
  return find_by_name<DimId>(dims, dim_name);
}
BufferId Module::find_buffer(std::string_view buffer_name) const {
  return find_by_name<BufferId>(buffers, buffer_name);
}
SpaceId Module::find_space(std::string_view space_name) const {
  return find_by_name<SpaceId>(spaces, space_name);
}

const Function* Module::find_function(std::string_view function_name) const {
  auto at =
      std::find_if(functions.begin(), functions.end(), [&](const Function& f) { return f.name == function_name; });
  return at == functions.end() ? nullptr : &*at;
}

Function* Module::find_function(std::string_view function_name) {
  return const_cast<Function*>(static_cast<const Module*>(this)->find_function(function_name));
}

std::string Module::fresh_buffer_name(std::string_view wanted) const {
  std::string fresh(wanted);
  for (int i = 1; find_buffer(fresh).valid(); ++i) fresh = fmt::format("{}.{}", wanted, i);
  return fresh;
}

namespace {

// The elements of the first `count` buffers that are of a kind.
SizeExpr elements(const std::vector<Buffer>& buffers, std::size_t count, BufferKind kind) {
  SizeExpr total;
  for (std::size_t i = 0; i < count; ++i) {
    if (buffers[i].kind == kind) total = total + SizeExpr::product(buffers[i].axes);
  }
  return total;
}

}  // namespace

SizeExpr Module::offset(BufferId slice) const {
  const BufferId own = is_point(buffer(slice).kind) ? slice : buffer(slice).of;
  return elements(buffers, own.index, buffer(own).kind);
}

SizeExpr Module::parameter_count() const {
  return elements(buffers, buffers.size(), BufferKind::Parameter);
}

SizeExpr Module::natural_count() const {
  return elements(buffers, buffers.size(), BufferKind::Natural);
}

}  // namespace lacuna::ir
