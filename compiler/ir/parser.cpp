#include "compiler/ir/parser.h"

#include <fmt/format.h>

#include <optional>

#include "compiler/ir/body_parser.h"
#include "compiler/ir/cursor.h"

namespace lacuna::ir {
namespace {

std::optional<BufferKind> buffer_kind(std::string_view word) {
  if (word == "input") return BufferKind::Input;
  if (word == "data") return BufferKind::Data;
  if (word == "param") return BufferKind::Parameter;
  if (word == "natural") return BufferKind::Natural;
  if (word == "gradient") return BufferKind::Gradient;
  if (word == "direction") return BufferKind::Direction;
  if (word == "product") return BufferKind::Product;
  if (word == "work") return BufferKind::Work;
  if (word == "scratch") return BufferKind::Scratch;
  if (word == "output") return BufferKind::Output;
  if (word == "given") return BufferKind::Given;
  if (word == "shared") return BufferKind::Shared;
  return std::nullopt;
}

// Reads twice: names first, because dimensions may count the cells of spaces further down; then everything.
class ModuleParser {
 public:
  explicit ModuleParser(std::string_view text) : cursor_(tokenize(text)) {}

  Parsed run() {
    names();
    cursor_.rewind();
    cursor_.expect("module");
    module_.name = cursor_.expect(Token::Kind::Word, "the module's name");
    cursor_.expect("{");
    while (!cursor_.failed() && !cursor_.peek().is("}")) declaration();
    cursor_.expect("}");
    if (!cursor_.failed() && !cursor_.at_end()) cursor_.fail("expected the end");
    if (cursor_.failed()) return {std::nullopt, cursor_.error()};
    return {std::move(module_), {}};
  }

 private:
  // Puts every dimension, buffer and space into its table. Declarations stand at one level of braces; no instruction
  // begins with their words there.
  void names() {
    int depth = 0;
    for (; !cursor_.at_end(); cursor_.next()) {
      if (cursor_.peek().is("{")) ++depth;
      if (cursor_.peek().is("}")) --depth;
      if (depth != 1) continue;
      if (cursor_.accept("func")) cursor_.next();  // `func data @f` declares no buffer
      const Token& name = cursor_.peek(1);
      const bool symbol = name.kind == Token::Kind::Symbol;
      if (cursor_.peek().is("dim") && name.kind == Token::Kind::Word) {
        if (module_.find_dim(name.text).valid()) return cursor_.fail(fmt::format("`{}` is declared twice", name.text));
        module_.add(Dim{.name = std::string(name.text)});
      } else if (cursor_.peek().is("space") && symbol) {
        if (module_.find_space(name.text).valid())
          return cursor_.fail(fmt::format("`@{}` is declared twice", name.text));
        module_.add(Space{.name = std::string(name.text)});
      } else if (cursor_.peek().kind == Token::Kind::Word && buffer_kind(cursor_.peek().text) && symbol) {
        if (module_.find_buffer(name.text).valid()) {
          return cursor_.fail(fmt::format("`@{}` is declared twice", name.text));
        }
        module_.add(Buffer{.name = std::string(name.text)});
      }
    }
  }

  void declaration() {
    if (cursor_.accept("dim")) return dim();
    if (cursor_.accept("site")) return site();
    if (cursor_.accept("space")) return space();
    if (cursor_.accept("func")) return function();
    const std::optional<BufferKind> kind = buffer_kind(cursor_.peek().text);
    if (!kind || cursor_.peek().kind != Token::Kind::Word) return cursor_.fail("expected a declaration");
    cursor_.next();
    buffer(*kind);
  }

  DimId use_dim() {
    const DimId id = module_.find_dim(cursor_.peek().text);
    if (cursor_.peek().kind == Token::Kind::Word && !id.valid()) {
      cursor_.fail(fmt::format("there is no dimension `{}`", cursor_.peek().text));
    }
    cursor_.expect(Token::Kind::Word, "a dimension");
    return id;
  }

  BufferId use_buffer() {
    const BufferId id = module_.find_buffer(cursor_.expect(Token::Kind::Symbol, "a buffer"));
    if (!id.valid()) cursor_.fail("there is no such buffer");
    return id;
  }

  void dim() {
    Dim& dim = module_.dims[use_dim().index];
    if (cursor_.accept("preset")) dim.preset = cursor_.expect_integer();
    if (!cursor_.accept("=")) return;
    if (cursor_.accept("cells")) {
      dim.kind = Dim::Kind::Cells;
      dim.cells = module_.find_space(cursor_.expect(Token::Kind::Symbol, "a space"));
      if (!dim.cells.valid()) cursor_.fail("there is no such space");
      return;
    }
    dim.kind = Dim::Kind::Derived;
    for (const Dim::Rule rule : {Dim::Rule::Quotient, Dim::Rule::Least, Dim::Rule::Greatest}) {
      if (cursor_.accept(std::string(rule_name(rule)).c_str())) dim.rule = rule;
    }
    if (dim.rule != Dim::Rule::Sum) cursor_.expect("(");
    dim.size = size();
    if (dim.rule == Dim::Rule::Sum) return;
    cursor_.expect(",");
    dim.other = size();
    cursor_.expect(")");
  }

  SizeExpr size() {
    SizeExpr sum;
    std::int64_t sign = 1;
    do {
      SizeTerm term{sign, {}};
      do {
        if (cursor_.peek().kind == Token::Kind::Integer) {
          term.coefficient *= cursor_.expect_integer();
        } else {
          term.dims.push_back(use_dim());
        }
      } while (cursor_.accept("*"));
      SizeExpr product = SizeExpr::product(term.dims);
      product.terms.front().coefficient = term.coefficient;
      sum = sum + product;
      sign = cursor_.peek().is("-") ? -1 : 1;
    } while (cursor_.accept("+") || cursor_.accept("-"));
    return sum;
  }

  void site() {
    Site site;
    site.name = cursor_.expect(Token::Kind::String, "a quoted name");
    cursor_.expect("line");
    site.line = static_cast<std::uint32_t>(cursor_.expect_integer());
    module_.sites.push_back(std::move(site));
  }

  Type type() {
    if (cursor_.accept("real")) return Type::real();
    if (cursor_.accept("int")) return Type::integer();
    if (cursor_.accept("bool")) return Type::boolean();
    cursor_.expect("index");
    cursor_.expect("<");
    const DimId dim = use_dim();
    cursor_.expect(">");
    return Type::index_of(dim);
  }

  void buffer(BufferKind kind) {
    Buffer& buffer = module_.buffers[use_buffer().index];
    buffer.kind = kind;
    if (cursor_.accept("of")) {
      buffer.of = use_buffer();
      if (cursor_.failed()) return;
      buffer.element = module_.buffer(buffer.of).element;
      buffer.axes = module_.buffer(buffer.of).axes;
      return;
    }
    cursor_.expect(":");
    buffer.element = type();
    buffer.optional = cursor_.accept("?");
    if (!cursor_.accept("[")) return;
    do {
      buffer.axes.push_back(use_dim());
    } while (cursor_.accept(","));
    cursor_.expect("]");
    if (!cursor_.accept("tile")) return;
    cursor_.expect("(");
    buffer.tile = static_cast<int>(cursor_.expect_integer());
    cursor_.expect(")");
  }

  // `%n in N, %m in M` or, for a space without a predicate, `N, M`.
  void binders(std::vector<DimId>& dims, std::vector<std::string>& names) {
    do {
      if (cursor_.peek().kind == Token::Kind::Value) {
        names.emplace_back(cursor_.next().text);
        cursor_.expect("in");
      }
      dims.push_back(use_dim());
    } while (cursor_.accept(","));
  }

  void space() {
    Space& space = module_.spaces[module_.find_space(cursor_.expect(Token::Kind::Symbol, "a space")).index];
    std::vector<std::string> names;
    if (cursor_.accept("[")) {
      binders(space.parameters, names);
      cursor_.expect("]");
    }
    cursor_.expect("(");
    binders(space.dims, names);
    cursor_.expect(")");
    if (cursor_.accept("by")) {
      do {
        space.by.push_back(use_buffer());
      } while (cursor_.accept(","));
    }
    if (!cursor_.accept("where")) return;
    if (names.size() != space.parameters.size() + space.dims.size()) return cursor_.fail("every index needs a name");
    Body body;
    BodyParser reader(module_, cursor_, body);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::size_t inner = i - std::min(i, space.parameters.size());
      const DimId dim = i < space.parameters.size() ? space.parameters[i] : space.dims[inner];
      body.block.arguments.push_back(reader.define(names[i], Type::index_of(dim)));
    }
    reader.block(body.block, "yield");
    space.predicate = std::move(body);
  }

  void function() {
    Function function;
    function.stage = cursor_.accept("data") ? Stage::Data : Stage::Draw;
    if (function.stage == Stage::Draw) cursor_.expect("draw");
    function.name = cursor_.expect(Token::Kind::Symbol, "the function's name");
    BodyParser reader(module_, cursor_, function.body);
    cursor_.expect("(");
    while (cursor_.peek().kind == Token::Kind::Value) {
      const std::string name(cursor_.next().text);
      cursor_.expect(":");
      function.body.block.arguments.push_back(reader.define(name, type()));
      if (!cursor_.accept(",")) break;
    }
    cursor_.expect(")");
    reader.block(function.body.block, "return");
    module_.functions.push_back(std::move(function));
  }

  Cursor cursor_;
  Module module_;
};

}  // namespace

Parsed parse(std::string_view text) {
  return ModuleParser(text).run();
}

}  // namespace lacuna::ir
