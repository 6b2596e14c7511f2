#include "compiler/ir/printer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <unordered_set>

namespace lacuna::ir {
namespace {

std::string_view keyword(BufferKind kind) {
  switch (kind) {
    case BufferKind::Input:
      return "input";
    case BufferKind::Data:
      return "data";
    case BufferKind::Parameter:
      return "param";
    case BufferKind::Natural:
      return "natural";
    case BufferKind::Gradient:
      return "gradient";
    case BufferKind::Direction:
      return "direction";
    case BufferKind::Product:
      return "product";
    case BufferKind::Work:
      return "work";
    case BufferKind::Scratch:
      return "scratch";
    case BufferKind::Output:
      return "output";
    case BufferKind::Given:
      return "given";
    case BufferKind::Shared:
      return "shared";
  }
  return "";
}

std::string real_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

// Prints one body; every value gets a name that is its own within the body.
class BodyPrinter {
 public:
  BodyPrinter(const Module& module, const Body& body, std::string& out)
      : module_(module), body_(body), out_(out), names_(body.values.size()) {}

  std::string name(ValueId id) {
    std::string& text = names_[id.index];
    if (text.empty()) text = fresh(body_.value(id).name);
    return text;
  }

  std::string list(const std::vector<ValueId>& values, std::size_t first = 0, std::size_t end = ~std::size_t{0}) {
    std::string text;
    for (std::size_t i = first; i < std::min(end, values.size()); ++i) {
      text += (i == first ? "%" : ", %") + name(values[i]);
    }
    return text;
  }

  void block(const Block& block, int indent, std::string_view last) {
    for (const Instruction& each : block.body) instruction(each, indent);
    if (block.yields.empty()) return;
    fmt::format_to(std::back_inserter(out_), "{:{}}{} {}\n", "", indent, last, list(block.yields));
  }

 private:
  std::string fresh(const std::string& wanted) {
    std::string base = wanted.empty() ? std::to_string(next_number_++) : wanted;
    std::string text = base;
    for (int i = 1; !taken_.insert(text).second; ++i) text = fmt::format("{}.{}", base, i);
    return text;
  }

  void instruction(const Instruction& each, int indent) {
    out_.append(static_cast<std::size_t>(indent), ' ');
    // Arguments of blocks come before results in the text that follows, so the names of operands are settled first.
    if (!each.results.empty()) out_ += list(each.results) + " = ";
    out_ += info(each.op).mnemonic;
    switch (each.op) {
      case Op::For:
      case Op::Scan:
        loop(each, indent);
        break;
      case Op::If:
        branch(each, indent);
        break;
      default:
        simple(each);
        break;
    }
    out_ += '\n';
  }

  void simple(const Instruction& each) {
    auto to = std::back_inserter(out_);
    switch (each.op) {
      case Op::Constant:
        out_ += " " + literal(each.literal);
        break;
      case Op::WithJacobian:
        break;
      case Op::Size:
        fmt::format_to(to, " {}", module_.dim(each.dim).name);
        break;
      case Op::ToIndex:
        fmt::format_to(to, " {} {}", module_.dim(each.dim).name, list(each.operands));
        break;
      case Op::Load:
      case Op::Present:
        fmt::format_to(to, " @{}[{}]", module_.buffer(each.buffer).name, list(each.operands));
        break;
      case Op::Store:
      case Op::Accumulate: {
        const std::size_t last = each.operands.size() - 1;
        fmt::format_to(to, " @{}[{}], {}", module_.buffer(each.buffer).name, list(each.operands, 0, last),
                       list(each.operands, last));
        break;
      }
      case Op::Fill:
        fmt::format_to(to, " @{}, {}", module_.buffer(each.buffer).name, list(each.operands));
        break;
      case Op::BuildSpace:
        fmt::format_to(to, " @{}", module_.space(each.space).name);
        break;
      case Op::Check:
        fmt::format_to(to, " {} \"{}\" site {} [{}]", list(each.operands, 0, 1), each.name, each.site,
                       list(each.operands, 1));
        break;
      case Op::Kernel:
        fmt::format_to(to, " {}", info(each.kernel).name);
        for (std::size_t i = 0; i < each.buffers.size(); ++i) {
          fmt::format_to(to, "{} @{}", i == 0 ? "" : ",", module_.buffer(each.buffers[i]).name);
        }
        break;
      case Op::External:
        fmt::format_to(to, " \"{}\" [{}]", each.name, list(each.operands));
        break;
      default:
        fmt::format_to(to, " {}", list(each.operands));
        break;
    }
  }

  static std::string literal(const Literal& value) {
    if (const bool* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
    if (const std::int64_t* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    return real_text(std::get<double>(value));
  }

  void domain(const Instruction& each) {
    const Domain& domain = each.domain;
    const std::size_t indices = domain.dims.size();
    const Block& block = each.blocks.front();
    fmt::format_to(std::back_inserter(out_), " ({})", list(block.arguments, 0, indices));
    if (domain.position) out_ += " at " + list(block.arguments, indices, indices + 1);
    out_ += domain.descending ? " down in " : " in ";
    if (domain.space.valid()) {
      const Space& space = module_.space(domain.space);
      out_ += "@" + space.name;
      if (!space.parameters.empty()) out_ += "[" + list(each.operands, 0, space.parameters.size()) + "]";
      return;
    }
    out_ += '[';
    for (std::size_t i = 0; i < indices; ++i) out_ += (i == 0 ? "" : ", ") + module_.dim(domain.dims[i]).name;
    out_ += ']';
  }

  void schedule(const Schedule& chosen) {
    auto to = std::back_inserter(out_);
    if (chosen.by.valid()) fmt::format_to(to, " by @{}", module_.buffer(chosen.by).name);
    if (chosen.parts != 0) fmt::format_to(to, " parts({})", chosen.parts);
    if (chosen.tile != 0) fmt::format_to(to, " tile({})", chosen.tile);
    if (chosen.lanes == Lanes::Rows) out_ += " lanes(rows)";
    if (chosen.lanes == Lanes::Inner) out_ += " lanes(inner)";
    if (chosen.lanes == Lanes::Draws) out_ += " lanes(draws)";
  }

  void loop(const Instruction& each, int indent) {
    const Block& body = each.blocks.front();
    domain(each);
    schedule(each.schedule);
    if (each.op == Op::Scan) {
      const std::size_t first = body.arguments.size() - (each.results.size() - each.reducers.size());
      const std::size_t start = each.operands.size() - (body.arguments.size() - first);
      out_ += " carry (";
      for (std::size_t i = first; i < body.arguments.size(); ++i) {
        fmt::format_to(std::back_inserter(out_), "{}%{} = %{}", i == first ? "" : ", ", name(body.arguments[i]),
                       name(each.operands[start + i - first]));
      }
      out_ += ')';
    }
    if (!each.reducers.empty()) {
      out_ += " -> (";
      for (std::size_t i = 0; i < each.reducers.size(); ++i) {
        out_ += i == 0 ? "" : ", ";
        out_ += name_of(each.reducers[i]);
      }
      out_ += ')';
    }
    if (each.site >= 0) fmt::format_to(std::back_inserter(out_), " site {}", each.site);
    braces(body, indent);
  }

  void branch(const Instruction& each, int indent) {
    out_ += " " + list(each.operands);
    braces(each.blocks[0], indent);
    out_ += " else";
    braces(each.blocks[1], indent);
  }

  void braces(const Block& inner, int indent) {
    out_ += " {\n";
    block(inner, indent + 2, "yield");
    out_.append(static_cast<std::size_t>(indent), ' ');
    out_ += '}';
  }

  const Module& module_;
  const Body& body_;
  std::string& out_;
  std::vector<std::string> names_;
  std::unordered_set<std::string> taken_;
  int next_number_ = 0;
};

std::string type_text(const Module& module, Type type) {
  switch (type.scalar) {
    case Scalar::Real:
      return "real";
    case Scalar::Int:
      return "int";
    case Scalar::Bool:
      return "bool";
    case Scalar::Index:
      return fmt::format("index<{}>", module.dim(type.dim).name);
  }
  return "";
}

void print_dim(const Module& module, const Dim& dim, std::string& out) {
  auto to = std::back_inserter(out);
  fmt::format_to(to, "  dim {}", dim.name);
  if (dim.preset) fmt::format_to(to, " preset {}", *dim.preset);
  if (dim.kind == Dim::Kind::Derived && dim.rule == Dim::Rule::Sum) fmt::format_to(to, " = {}", print(module, dim.size));
  if (dim.kind == Dim::Kind::Derived && dim.rule != Dim::Rule::Sum)
    fmt::format_to(to, " = {}({}, {})", rule_name(dim.rule), print(module, dim.size), print(module, dim.other));
  if (dim.kind == Dim::Kind::Cells) fmt::format_to(to, " = cells @{}", module.space(dim.cells).name);
  out += '\n';
}

void print_buffer(const Module& module, const Buffer& buffer, std::string& out) {
  auto to = std::back_inserter(out);
  fmt::format_to(to, "  {} @{}", keyword(buffer.kind), buffer.name);
  if (buffer.of.valid()) {
    fmt::format_to(to, " of @{}\n", module.buffer(buffer.of).name);
    return;
  }
  fmt::format_to(to, " : {}{}", type_text(module, buffer.element), buffer.optional ? "?" : "");
  for (std::size_t i = 0; i < buffer.axes.size(); ++i) {
    fmt::format_to(to, "{}{}", i == 0 ? "[" : ", ", module.dim(buffer.axes[i]).name);
  }
  if (!buffer.axes.empty()) out += "]";
  if (buffer.tile > 0) fmt::format_to(to, " tile({})", buffer.tile);
  out += "\n";
}

void print_space(const Module& module, const Space& space, std::string& out) {
  auto to = std::back_inserter(out);
  fmt::format_to(to, "  space @{}", space.name);
  const Body empty;
  BodyPrinter body(module, space.predicate ? *space.predicate : empty, out);
  std::size_t argument = 0;
  auto binders = [&](const std::vector<DimId>& dims) {
    std::string text;
    for (DimId dim : dims) {
      if (!text.empty()) text += ", ";
      if (space.predicate) text += "%" + body.name(space.predicate->block.arguments[argument++]) + " in ";
      text += module.dim(dim).name;
    }
    return text;
  };
  if (!space.parameters.empty()) fmt::format_to(to, " [{}]", binders(space.parameters));
  fmt::format_to(to, " ({})", binders(space.dims));
  for (std::size_t i = 0; i < space.by.size(); ++i) {
    fmt::format_to(to, "{}@{}", i == 0 ? " by " : ", ", module.buffer(space.by[i]).name);
  }
  if (space.predicate) {
    out += " where {\n";
    body.block(space.predicate->block, 4, "yield");
    out += "  }";
  }
  out += '\n';
}

void print_function(const Module& module, const Function& function, std::string& out) {
  auto to = std::back_inserter(out);
  fmt::format_to(to, "  func {} @{}(", function.stage == Stage::Data ? "data" : "draw", function.name);
  BodyPrinter body(module, function.body, out);
  const auto& parameters = function.body.block.arguments;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string name = body.name(parameters[i]);
    fmt::format_to(to, "{}%{}: {}", i == 0 ? "" : ", ", name, type_text(module, function.body.type(parameters[i])));
  }
  out += ") {\n";
  body.block(function.body.block, 4, "return");
  out += "  }\n";
}

}  // namespace

std::string print(const Module& module, const SizeExpr& size) {
  std::string text;
  for (const SizeTerm& term : size.terms) {
    const bool first = text.empty();
    const std::int64_t magnitude = first ? term.coefficient : std::abs(term.coefficient);
    if (!first) text += term.coefficient < 0 ? " - " : " + ";
    const bool number = magnitude != 1 || term.dims.empty();
    if (number) text += std::to_string(magnitude);
    for (std::size_t i = 0; i < term.dims.size(); ++i) {
      text += (number || i > 0 ? " * " : "") + module.dim(term.dims[i]).name;
    }
  }
  return text.empty() ? "0" : text;
}

std::string print(const Module& module, const Function& function) {
  std::string out;
  print_function(module, function, out);
  return out;
}

std::string print(const Module& module) {
  std::string out = fmt::format("module {} {{\n", module.name);
  for (const Dim& dim : module.dims) print_dim(module, dim, out);
  for (const Site& site : module.sites) out += fmt::format("  site \"{}\" line {}\n", site.name, site.line);
  for (const Buffer& buffer : module.buffers) print_buffer(module, buffer, out);
  for (const Space& space : module.spaces) print_space(module, space, out);
  for (const Function& function : module.functions) print_function(module, function, out);
  out += "}\n";
  return out;
}

}  // namespace lacuna::ir
