#include "compiler/ir/builder.h"

#include "compiler/ir/infer.h"

namespace lacuna::ir {

Values Builder::append(Instruction instruction, const std::string& name) {
  if (instruction.results.empty()) {
    for (Type type : result_types(module_, body_, instruction)) instruction.results.push_back(body_.add(type, name));
  }
  Values results = instruction.results;
  open_.back()->body.push_back(std::move(instruction));
  return results;
}

ValueId Builder::real(double value) {
  return append({.op = Op::Constant, .literal = value})[0];
}
ValueId Builder::integer(std::int64_t value) {
  return append({.op = Op::Constant, .literal = value})[0];
}
ValueId Builder::boolean(bool value) {
  return append({.op = Op::Constant, .literal = value})[0];
}
ValueId Builder::size(DimId dim) {
  return append({.op = Op::Size, .dim = dim})[0];
}

ValueId Builder::index(DimId dim, ValueId position) {
  return append({.op = Op::ToIndex, .operands = {position}, .dim = dim})[0];
}

ValueId Builder::op(Op op, Values operands, std::string name) {
  return append({.op = op, .operands = std::move(operands)}, name)[0];
}

ValueId Builder::load(BufferId buffer, Values at, std::string name) {
  return append({.op = Op::Load, .operands = std::move(at), .buffer = buffer}, name)[0];
}

ValueId Builder::present(BufferId buffer, Values at) {
  return append({.op = Op::Present, .operands = std::move(at), .buffer = buffer})[0];
}

void Builder::store(BufferId buffer, Values at, ValueId value) {
  at.push_back(value);
  append({.op = Op::Store, .operands = std::move(at), .buffer = buffer});
}

void Builder::accumulate(BufferId buffer, Values at, ValueId value) {
  at.push_back(value);
  append({.op = Op::Accumulate, .operands = std::move(at), .buffer = buffer});
}

void Builder::fill(BufferId buffer, ValueId value) {
  append({.op = Op::Fill, .operands = {value}, .buffer = buffer});
}

std::vector<ValueId> Builder::index_arguments(const Domain& domain) {
  std::vector<ValueId> arguments;
  for (DimId dim : domain.dims) arguments.push_back(body_.add(Type::index_of(dim)));
  if (domain.position) arguments.push_back(body_.add(Type::index_of(cells_of(module_, domain.space))));
  return arguments;
}

Block Builder::block(std::vector<ValueId> arguments, const LoopBody& body) {
  Block written;
  written.arguments = std::move(arguments);
  open_.push_back(&written);
  written.yields = body(Values(written.arguments));
  open_.pop_back();
  return written;
}

Values Builder::for_each(Domain domain, std::vector<Reducer> reducers, const LoopBody& body, Values parameters) {
  Block inner = block(index_arguments(domain), body);
  return append({.op = Op::For,
                 .operands = std::move(parameters),
                 .domain = std::move(domain),
                 .reducers = std::move(reducers),
                 .blocks = {std::move(inner)}});
}

Values Builder::scan(Domain domain, Values starts, std::vector<Reducer> reducers, const LoopBody& body,
                     Values parameters) {
  std::vector<ValueId> arguments = index_arguments(domain);
  for (ValueId start : starts) arguments.push_back(body_.add(body_.type(start)));
  Block inner = block(std::move(arguments), body);
  parameters.insert(parameters.end(), starts.begin(), starts.end());
  return append({.op = Op::Scan,
                 .operands = std::move(parameters),
                 .domain = std::move(domain),
                 .reducers = std::move(reducers),
                 .blocks = {std::move(inner)}});
}

Values Builder::branch(ValueId condition, const BranchBody& yes, const BranchBody& no) {
  Block first = block({}, [&](const Values&) { return yes(); });
  Block second = block({}, [&](const Values&) { return no(); });
  Instruction instruction{.op = Op::If, .operands = {condition}};
  instruction.blocks.push_back(std::move(first));
  instruction.blocks.push_back(std::move(second));
  return append(std::move(instruction));
}

void Builder::build_space(SpaceId space) {
  append({.op = Op::BuildSpace, .space = space});
}

void Builder::check(ValueId holds, std::string diagnostic, int site, Values at) {
  at.insert(at.begin(), holds);
  append({.op = Op::Check, .operands = std::move(at), .name = std::move(diagnostic), .site = site});
}

}  // namespace lacuna::ir
