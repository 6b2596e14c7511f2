#include "compiler/driver/model_header.h"

#include <fmt/format.h>

#include <string_view>

namespace lacuna::driver {

namespace {

// A name as C takes it: "y.imputed" becomes y_imputed.
std::string identifier(std::string_view name) {
  std::string made(name);
  for (char& c : made)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) c = '_';
  return made;
}

// Text that cannot end a comment.
std::string comment(const char* text) {
  std::string made(text ? text : "");
  for (std::size_t at = 0; (at = made.find("*/", at)) != std::string::npos;) made.replace(at, 2, "* /");
  for (std::size_t at = 0; (at = made.find('\n', at)) != std::string::npos; at += 4) made.replace(at, 1, "\n * ");
  return made;
}

std::string axes(const lacuna_metadata& m, const int32_t* each, int32_t rank) {
  std::string made;
  for (int32_t k = 0; k < rank; ++k) made += fmt::format("[{}]", m.dimensions[each[k]].name);
  return made;
}

std::string kind(const lacuna_metadata& m, const lacuna_type& type) {
  switch (type.kind) {
    case LACUNA_INT: return "int";
    case LACUNA_BOOL: return "bool";
    case LACUNA_INDEX_OF: return fmt::format("position in {}, from 0", m.dimensions[type.index_of].name);
    default: return "real";
  }
}

template <class Info>
std::string constants(std::string_view model, std::string_view what, const Info* first, int32_t count) {
  std::string made = "enum {\n";
  for (int32_t i = 0; i < count; ++i) made += fmt::format("  {}_{}_{} = {},\n", model, what, identifier(first[i].name), i);
  return made + fmt::format("  {}_{}_count = {}\n}};\n\n", model, what, count);
}

std::string inputs(const lacuna_metadata& m, const std::string& name) {
  std::string made = fmt::format("/* The size of each dimension (-1: as declared), and keys of its labels or null. */\ntypedef struct {}_dimensions {{\n", name);
  for (int32_t i = 0; i < m.dimension_count; ++i) {
    const lacuna_dimension_info& d = m.dimensions[i];
    const char* note = d.origin != LACUNA_GIVEN ? " /* computed by the model: leave it */" : d.declared_size >= 0 ? " /* declared */" : "";
    made += fmt::format("  lacuna_dimension {};{}\n", identifier(d.name), note);
  }
  if (m.dimension_count == 0) made += "  lacuna_dimension none;\n";
  made += fmt::format("}} {}_dimensions;\n\n/* The model's arguments. */\ntypedef struct {}_arguments {{\n", name, name);
  for (int32_t i = 0; i < m.argument_count; ++i) {
    const lacuna_argument_info& a = m.arguments[i];
    if (a.doc) made += fmt::format("  /* {} */\n", comment(a.doc));
    made += fmt::format("  lacuna_array {}; /* {}{}{} */\n", identifier(a.name), kind(m, a.type), a.flags & LACUNA_OPTIONAL ? ", may have gaps" : "",
                        a.rank ? ": " + axes(m, a.axes, a.rank) : "");
  }
  if (m.argument_count == 0) made += "  lacuna_array none;\n";
  return made + fmt::format("}} {}_arguments;\n\n", name);
}

}  // namespace

std::string model_header(const lacuna_metadata& m) {
  const std::string name = identifier(m.name);
  std::string made = fmt::format("/* The model `{}` of {}, compiled by Lacuna {}.\n", m.name, comment(m.source_name), m.compiler);
  if (m.doc) made += fmt::format(" *\n * {}\n", comment(m.doc));
  made += fmt::format(
      " *\n * Fill `{0}_dimensions` and `{0}_arguments`, ask `bind_size` of the table for memory (64-byte aligned), `bind_into` it, and call the\n"
      " * entries. lacuna/model.h describes them one by one.\n */\n#ifndef LACUNA_MODEL_{0}_H\n#define LACUNA_MODEL_{0}_H\n#include \"lacuna/model.h\"\n\n"
      "#ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n/* The model's table of functions: constant, never null. */\nconst lacuna_model* lacuna_{1}(void);\n\n",
      name, m.name);
  made += "/* Positions in the metadata's tables. */\n";
  made += constants(name, "dimension", m.dimensions, m.dimension_count);
  made += constants(name, "argument", m.arguments, m.argument_count);
  made += constants(name, "site", m.sites, m.site_count);
  made += inputs(m, name);
  made += fmt::format(
      "static inline int {0}_bind_size(const {0}_dimensions* dimensions, const {0}_arguments* arguments, int64_t* bytes,\n"
      "                                lacuna_error* error) {{\n"
      "  const lacuna_model* model = lacuna_{1}();\n"
      "  return model->bind_size(model, (const lacuna_dimension*)dimensions, (const lacuna_array*)arguments, bytes, error);\n}}\n\n"
      "static inline int {0}_bind_into(const {0}_dimensions* dimensions, const {0}_arguments* arguments, uint32_t flags,\n"
      "                                void* memory, int64_t bytes, lacuna_error* error) {{\n"
      "  const lacuna_model* model = lacuna_{1}();\n"
      "  return model->bind_into(model, (const lacuna_dimension*)dimensions, (const lacuna_array*)arguments, flags, memory, bytes,\n"
      "                          error);\n}}\n\n"
      "#ifdef __cplusplus\n}}\n#endif\n#endif\n",
      name, m.name);
  return made;
}

}  // namespace lacuna::driver
