#include "test/numeric/library_program.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "compiler/check/library.h"
#include "compiler/syntax/parse.h"
#include "test/numeric/table.h"

namespace lacuna::numeric {
namespace {

std::vector<std::string> words(std::span<syntax::Name> names) {
  std::vector<std::string> all;
  for (const syntax::Name& name : names) all.emplace_back(name.text);
  return all;
}

}  // namespace

std::vector<Signature> signatures(const std::string& distribution) {
  std::vector<Signature> all;
  for (const check::LibraryFile& file : check::embedded_library()) {
    if (file.name != distribution) continue;
    support::SourceMap sources;
    support::Arena arena;
    diagnostics::Sink sink;
    const syntax::Program program = syntax::parse(sources, sources.add("library", std::string(file.text)), arena, sink);
    for (const syntax::Decl* declaration : program.declarations) {
      const auto* dist = declaration->get_if<syntax::DistDecl>();
      if (!dist) continue;
      Signature s;
      for (const syntax::Parameter& p : dist->parameters) {
        if (p.is_dimension) s.derived.emplace_back(p.name.text);
        else s.parameters.push_back({std::string(p.name.text), std::string(p.type->name.text), words(p.type->dimensions),
                                     p.default_value != nullptr});
      }
      s.result = dist->result->name.text;
      s.result_dimensions = words(dist->result->dimensions);
      all.push_back(s);
    }
  }
  return all;
}

namespace {

bool names_all(const Signature& s, const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (std::none_of(s.parameters.begin(), s.parameters.end(), [&](const Parameter& p) { return p.name == name; })) return false;
  for (const Parameter& p : s.parameters)
    if (!p.has_default && p.type != "dist" && std::find(names.begin(), names.end(), p.name) == names.end()) return false;
  return true;
}

// The base's overload whose parameters are all given, and the rest of the names.
std::optional<Signature> base_of(const std::string& base, const std::vector<std::string>& names, std::vector<std::string>& rest) {
  for (const Signature& s : signatures(base)) {
    std::vector<std::string> own;
    rest.clear();
    for (const std::string& name : names) {
      const bool mine = std::any_of(s.parameters.begin(), s.parameters.end(), [&](const Parameter& p) { return p.name == name; });
      (mine ? own : rest).push_back(name);
    }
    if (own.size() == s.parameters.size()) return s;
  }
  return std::nullopt;
}

std::string bracketed(const std::string& type, const std::vector<std::string>& dimensions) {
  std::string text = type;
  for (std::size_t i = 0; i < dimensions.size(); ++i) text += (i == 0 ? "[" : ", ") + dimensions[i];
  return dimensions.empty() ? text : text + "]";
}

// Collects a program's pieces while dimensions get their sizes from the shapes of what is given.
class Pieces {
 public:
  void dimension(const std::string& name, std::size_t size) { sizes_[name] = size; }
  void add(const Given& given, const Parameter& p, bool latent) {
    const std::vector<std::size_t> lengths = shape(given.text);
    for (std::size_t i = 0; i < p.dimensions.size() && i < lengths.size(); ++i) dimension(p.dimensions[i], lengths[i]);
    const std::string type = bracketed(p.type, p.dimensions);
    if (latent) body_ += "  sample " + given.name + ": " + type + " ~ Flat()\n";
    else data_ += (data_.empty() ? "" : ", ") + given.name + ": " + type;
  }
  void data(const std::string& text) { data_ += (data_.empty() ? "" : ", ") + text; }
  std::string model(const std::string& before, const std::string& last) const {
    std::string text = before;
    for (const auto& [name, size] : sizes_) text += "dim " + name + " = " + std::to_string(size) + "\n";
    return text + "model table(" + data_ + ") {\n" + body_ + last + "}\n";
  }

 private:
  std::map<std::string, std::size_t> sizes_;
  std::string data_;
  std::string body_;
};

std::string call(const std::string& name, const std::vector<std::string>& parameters, const std::string& subscript) {
  std::string text = name + "(";
  for (std::size_t i = 0; i < parameters.size(); ++i) text += (i == 0 ? "" : ", ") + parameters[i] + " = " + parameters[i] + subscript;
  return text + ")";
}

// What the value is, and the argument through which another member than the density is read.
std::string wrapped(const std::string& distribution, const std::string& member, std::string& before) {
  if (member == "log_density") return distribution;
  const bool of_value = member != "mean" && member != "variance";
  const bool of_share = member == "quantile" || member == "upper_quantile";
  before = "dist Member(base: dist): " + std::string(of_share || !of_value ? "real" : "base") + " {\n  log_density(x) = base." + member +
           (of_value ? "(x)" : "") + "\n}\n";
  return "Member(" + distribution + ")";
}

}  // namespace

std::string library_name(const std::string& table) {
  for (const check::LibraryFile& file : check::embedded_library())
    if (file.path.ends_with("distributions/" + table + ".ppl")) return std::string(file.name);
  return "";
}

Parameters read_parameters(const std::string& cell) {
  Parameters read;
  if (cell == "-") return read;
  std::istringstream stream(cell);
  for (std::string part; stream >> part;) {
    const std::size_t equals = part.find('=');
    const std::string name = part.substr(0, equals);
    const std::string text = part.substr(equals + 1);
    if (name == "base" || name == "components") {
      read.base = text;
      read.components = name == "components";
    } else {
      read.given.push_back({name, text});
    }
  }
  return read;
}

std::vector<long double> numbers(const std::string& text) {
  std::vector<long double> all;
  std::string piece;
  for (const char c : text + ",") {
    if (c != ',' && c != '[' && c != ']') {
      piece += c;
    } else if (!piece.empty()) {
      all.push_back(piece == "true" ? 1 : piece == "false" ? 0 : number(piece));
      piece.clear();
    }
  }
  return all;
}

std::vector<std::size_t> shape(const std::string& text) {
  std::vector<std::size_t> lengths;
  std::size_t depth = 0;
  while (depth < text.size() && text[depth] == '[') ++depth;
  const std::size_t total = numbers(text).size();
  if (depth == 1) lengths = {total};
  if (depth == 2) {
    const auto rows = static_cast<std::size_t>(std::count(text.begin() + 1, text.end(), '['));
    lengths = {rows, total / rows};
  }
  return lengths;
}

LibraryProgram library_program(const std::string& distribution, const Parameters& parameters, const std::string& member,
                               const std::vector<std::string>& latents, bool latent_value, const std::string& at) {
  LibraryProgram made;
  std::vector<std::string> names;
  for (const Given& g : parameters.given) names.push_back(g.name);
  std::vector<std::string> own = names;
  std::optional<Signature> base;
  if (!parameters.base.empty()) {
    base = base_of(parameters.base, names, own);
    if (!base) return {.mistake = "no overload of the base"};
  }
  std::optional<Signature> found;
  for (const Signature& s : signatures(distribution))
    if (!found && names_all(s, own)) found = s;
  if (!found) return {.mistake = "no overload with these parameters"};

  Pieces pieces;
  for (const Given& g : parameters.given) {
    const Signature& of = std::find(own.begin(), own.end(), g.name) != own.end() ? *found : *base;
    Parameter p = *std::find_if(of.parameters.begin(), of.parameters.end(), [&](const Parameter& each) { return each.name == g.name; });
    if (parameters.components && &of == &*base) p.dimensions = {"K"};
    const bool latent = std::find(latents.begin(), latents.end(), g.name) != latents.end();
    if (latent) made.latents.push_back(g.name);
    pieces.add(g, p, latent);
  }
  std::string inner = call(distribution, own, "");
  if (base) {
    std::vector<std::string> base_names;
    for (const std::string& name : names)
      if (std::find(own.begin(), own.end(), name) == own.end()) base_names.push_back(name);
    const std::string argument = parameters.components ? "components = [" + call(parameters.base, base_names, "[k]") + " for k in K]"
                                                       : "base = " + call(parameters.base, base_names, "");
    inner.insert(distribution.size() + 1, argument + (own.empty() ? "" : ", "));
  }
  const Signature& valued = base ? *base : *found;
  std::vector<std::string> dimensions = valued.result_dimensions;
  const std::vector<std::size_t> lengths = shape(at);
  for (std::size_t i = 0; i < dimensions.size() && i < lengths.size(); ++i) pieces.dimension(dimensions[i], lengths[i]);
  std::string type = valued.result;
  if (std::isupper(static_cast<unsigned char>(type[0])) && !found->derived.empty())
    pieces.dimension(type, shape(parameters.given.back().text)[0] + 1);
  if (type == "interval" || member == "quantile" || member == "upper_quantile" || member == "mean" || member == "variance") type = "real";
  if (type == "positive" || type == "nonnegative" || type == "unit") type = "real";
  std::string before;
  const std::string last = wrapped(inner, member, before);
  made.latent_value = latent_value && member == "log_density";
  if (made.latent_value) {
    std::string brackets;
    if (!dimensions.empty()) brackets = bracketed("", dimensions);
    made.text = pieces.model(before, "  sample x" + brackets + " ~ " + last + "\n");
  } else {
    pieces.data("x: " + bracketed(type, dimensions));
    made.text = pieces.model(before, "  observe x ~ " + last + "\n");
  }
  return made;
}

}  // namespace lacuna::numeric
