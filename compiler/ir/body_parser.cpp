#include "compiler/ir/body_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "compiler/ir/infer.h"

namespace lacuna::ir {
namespace {

constexpr int kDeepest = 64;

// A name of digits only is the printer's numbering of a value without a name.
std::string hint(const std::string& name) {
  const bool number = std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
  return number ? std::string() : name;
}

}  // namespace

ValueId BodyParser::define(const std::string& name, Type type) {
  if (names_.contains(name)) cursor_.fail(fmt::format("`%{}` is defined twice", name));
  return names_[name] = body_.add(type, hint(name));
}

ValueId BodyParser::use() {
  const std::string name(cursor_.peek().text);
  if (cursor_.peek().kind == Token::Kind::Value && !names_.contains(name)) {
    cursor_.fail(fmt::format("`%{}` is not defined above", name));
  }
  cursor_.expect(Token::Kind::Value, "a value");
  // A body that failed is never looked at; any valid identifier keeps the reader going to the end.
  return cursor_.failed() ? ValueId{} : names_[name];
}

void BodyParser::values(std::vector<ValueId>& list) {
  if (cursor_.peek().kind != Token::Kind::Value) return;
  do {
    list.push_back(use());
  } while (cursor_.accept(","));
}

void BodyParser::values_until(std::vector<ValueId>& list, std::string_view close) {
  values(list);
  cursor_.expect(close);
}

BufferId BodyParser::buffer() {
  const BufferId id = module_.find_buffer(cursor_.peek().text);
  if (cursor_.peek().kind == Token::Kind::Symbol && !id.valid()) {
    cursor_.fail(fmt::format("there is no buffer `@{}`", cursor_.peek().text));
  }
  cursor_.expect(Token::Kind::Symbol, "a buffer");
  return id;
}

DimId BodyParser::dim() {
  const DimId id = module_.find_dim(cursor_.peek().text);
  if (cursor_.peek().kind == Token::Kind::Word && !id.valid()) {
    cursor_.fail(fmt::format("there is no dimension `{}`", cursor_.peek().text));
  }
  cursor_.expect(Token::Kind::Word, "a dimension");
  return id;
}

void BodyParser::block(Block& block, std::string_view last) {
  if (++depth_ > kDeepest) cursor_.fail("blocks are nested too deep");
  cursor_.expect("{");
  while (!cursor_.failed() && !cursor_.peek().is("}") && !cursor_.peek().is(last)) block.body.push_back(instruction());
  if (cursor_.accept(last)) values(block.yields);
  cursor_.expect("}");
  --depth_;
}

Instruction BodyParser::instruction() {
  std::vector<std::string> names;
  while (cursor_.peek().kind == Token::Kind::Value) {
    names.emplace_back(cursor_.next().text);
    if (!cursor_.accept(",")) break;
  }
  if (!names.empty()) cursor_.expect("=");
  Instruction each;
  const std::optional<Op> op = op_by_mnemonic(cursor_.peek().text);
  if (!op || cursor_.peek().kind != Token::Kind::Word) {
    cursor_.fail(fmt::format("there is no operation `{}`", cursor_.peek().text));
    return each;
  }
  cursor_.next();
  each.op = *op;
  attributes(each);
  if (cursor_.failed()) return each;
  const OpInfo& entry = info(each.op);
  if (entry.operands.find('*') == std::string_view::npos && entry.operands.size() != each.operands.size() &&
      each.op != Op::Fill) {
    cursor_.fail(fmt::format("`{}` takes {} operands", entry.mnemonic, entry.operands.size()));
    return each;
  }
  const std::vector<Type> types = result_types(module_, body_, each);
  if (types.size() != names.size()) {
    cursor_.fail(fmt::format("`{}` gives {} results, {} are named", entry.mnemonic, types.size(), names.size()));
    return each;
  }
  for (std::size_t i = 0; i < names.size(); ++i) each.results.push_back(define(names[i], types[i]));
  return each;
}

void BodyParser::attributes(Instruction& each) {
  switch (each.op) {
    case Op::Constant:
      return literal(each);
    case Op::Size:
      each.dim = dim();
      return;
    case Op::WithJacobian:
      return;
    case Op::ToIndex:
      each.dim = dim();
      each.operands.push_back(use());
      return;
    case Op::Load:
    case Op::Present:
    case Op::Store:
    case Op::Accumulate:
    case Op::Fill:
      return memory(each);
    case Op::For:
    case Op::Scan:
      return loop(each);
    case Op::If:
      return branch(each);
    case Op::BuildSpace:
      each.space = module_.find_space(cursor_.expect(Token::Kind::Symbol, "a space"));
      if (!each.space.valid()) cursor_.fail("there is no such space");
      return;
    case Op::Check:
      return check(each);
    case Op::Kernel:
      return kernel(each);
    case Op::External:
      each.name = cursor_.expect(Token::Kind::String, "a quoted name");
      cursor_.expect("[");
      return values_until(each.operands, "]");
    default:
      return values(each.operands);
  }
}

void BodyParser::memory(Instruction& each) {
  each.buffer = buffer();
  if (each.op != Op::Fill) {
    cursor_.expect("[");
    values_until(each.operands, "]");
  }
  if (each.op == Op::Load || each.op == Op::Present) return;
  cursor_.expect(",");
  each.operands.push_back(use());
}

void BodyParser::check(Instruction& each) {
  each.operands.push_back(use());
  each.name = cursor_.expect(Token::Kind::String, "a quoted name");
  cursor_.expect("site");
  each.site = static_cast<int>(cursor_.expect_integer());
  cursor_.expect("[");
  values_until(each.operands, "]");
}

void BodyParser::kernel(Instruction& each) {
  const std::optional<Kernel> kernel = kernel_by_name(cursor_.expect(Token::Kind::Word, "a kernel"));
  if (!kernel) return cursor_.fail("there is no such kernel");
  each.kernel = *kernel;
  do {
    each.buffers.push_back(buffer());
  } while (cursor_.accept(","));
}

void BodyParser::literal(Instruction& each) {
  const Token token = cursor_.next();
  if (token.kind == Token::Kind::Real) {
    each.literal = std::strtod(std::string(token.text).c_str(), nullptr);
  } else if (token.kind == Token::Kind::Integer) {
    each.literal = static_cast<std::int64_t>(std::strtoll(std::string(token.text).c_str(), nullptr, 10));
  } else if (token.is("true") || token.is("false")) {
    each.literal = token.is("true");
  } else if (token.is("inf") || token.is("-inf")) {
    const double infinity = std::numeric_limits<double>::infinity();
    each.literal = token.is("inf") ? infinity : -infinity;
  } else if (token.is("nan")) {
    each.literal = std::numeric_limits<double>::quiet_NaN();
  } else {
    cursor_.fail("expected a literal before this");
  }
}

void BodyParser::domain(Instruction& each, std::vector<std::string>& names) {
  cursor_.expect("(");
  while (cursor_.peek().kind == Token::Kind::Value) {
    names.emplace_back(cursor_.next().text);
    if (!cursor_.accept(",")) break;
  }
  cursor_.expect(")");
  if (cursor_.accept("at")) {
    each.domain.position = true;
    names.emplace_back(cursor_.expect(Token::Kind::Value, "a value"));
  }
  each.domain.descending = cursor_.accept("down");
  cursor_.expect("in");
  if (cursor_.accept("[")) {
    do {
      each.domain.dims.push_back(dim());
    } while (cursor_.accept(","));
    cursor_.expect("]");
  } else {
    each.domain.space = module_.find_space(cursor_.expect(Token::Kind::Symbol, "a space or dimensions in brackets"));
    if (!each.domain.space.valid()) return cursor_.fail("there is no such space");
    each.domain.dims = module_.space(each.domain.space).dims;
    if (cursor_.accept("[")) values_until(each.operands, "]");
  }
  if (!cursor_.failed() && names.size() != each.domain.dims.size() + (each.domain.position ? 1 : 0)) {
    cursor_.fail(fmt::format("the domain has {} indices", each.domain.dims.size()));
  }
}

void BodyParser::schedule(Schedule& chosen) {
  auto number = [&] {
    cursor_.expect("(");
    const int value = static_cast<int>(cursor_.expect_integer());
    cursor_.expect(")");
    return value;
  };
  if (cursor_.accept("by")) chosen.by = buffer();
  if (cursor_.accept("parts")) chosen.parts = number();
  if (cursor_.accept("tile")) chosen.tile = number();
  if (!cursor_.accept("lanes")) return;
  cursor_.expect("(");
  const std::string_view axis = cursor_.expect(Token::Kind::Word, "rows, inner or draws");
  chosen.lanes = axis == "rows" ? Lanes::Rows : axis == "inner" ? Lanes::Inner : Lanes::Draws;
  cursor_.expect(")");
}

void BodyParser::carry(Instruction& each, std::vector<std::string>& names) {
  cursor_.expect("carry");
  cursor_.expect("(");
  while (cursor_.peek().kind == Token::Kind::Value) {
    names.emplace_back(cursor_.next().text);
    cursor_.expect("=");
    each.operands.push_back(use());
    if (!cursor_.accept(",")) break;
  }
  cursor_.expect(")");
}

void BodyParser::reducers(Instruction& each) {
  if (!cursor_.accept("->")) return;
  cursor_.expect("(");
  do {
    const std::optional<Reducer> reducer = reducer_by_name(cursor_.expect(Token::Kind::Word, "a reduction"));
    if (!reducer) return cursor_.fail("there is no such reduction");
    each.reducers.push_back(*reducer);
  } while (cursor_.accept(","));
  cursor_.expect(")");
}

void BodyParser::loop(Instruction& each) {
  std::vector<std::string> names;
  domain(each, names);
  const std::size_t indices = each.domain.dims.size();
  const std::size_t start = each.operands.size();
  schedule(each.schedule);
  if (each.op == Op::Scan) carry(each, names);
  reducers(each);
  if (cursor_.accept("site")) each.site = static_cast<int>(cursor_.expect_integer());
  if (cursor_.failed()) return;
  Block block;
  for (std::size_t i = 0; i < names.size(); ++i) {
    Type type;
    if (i < indices) {
      type = Type::index_of(each.domain.dims[i]);
    } else if (each.domain.position && i == indices) {
      type = Type::index_of(cells_of(module_, each.domain.space));
    } else {
      type = body_.type(each.operands[start + i - indices - (each.domain.position ? 1 : 0)]);
    }
    block.arguments.push_back(define(names[i], type));
  }
  this->block(block, "yield");
  each.blocks.push_back(std::move(block));
}

void BodyParser::branch(Instruction& each) {
  each.operands.push_back(use());
  each.blocks.resize(2);
  block(each.blocks[0], "yield");
  cursor_.expect("else");
  block(each.blocks[1], "yield");
}

}  // namespace lacuna::ir
