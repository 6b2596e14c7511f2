#include "compiler/driver/model_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>
#include <vector>

#include "compiler/support/c_name.h"

namespace lacuna::driver {

namespace {

// Text that cannot end a comment, its lines set under each other.
std::string comment(const char* text, std::string_view indent) {
  std::string made(text ? text : "");
  for (std::size_t at = 0; (at = made.find("*/", at)) != std::string::npos;) made.replace(at, 2, "* /");
  const std::string next = fmt::format("\n{} * ", indent);
  for (std::size_t at = 0; (at = made.find('\n', at)) != std::string::npos; at += next.size()) made.replace(at, 1, next);
  return made;
}

// The names of a struct's members or of a list of constants: what C takes, each once.
template <class Info>
std::vector<std::string> members(const Info* first, int32_t count, std::set<std::string>& taken) {
  std::vector<std::string> made;
  for (int32_t i = 0; i < count; ++i) {
    std::string name = support::c_name(first[i].name);
    if (support::is_c_word(name)) name += '_';
    while (!taken.insert(name).second) name += '_';
    made.push_back(name);
  }
  return made;
}

std::string axes(const lacuna_metadata& m, const int32_t* each, int32_t rank) {
  std::string made;
  for (int32_t k = 0; k < rank; ++k) made += fmt::format("[{}]", m.dimensions[each[k]].name);
  return made;
}

struct Kind {
  const char* element;  // of C
  const char* dtype;
  const char* null;     // what else means missing
};

Kind kind_of(const lacuna_type& type) {
  switch (type.kind) {
    case LACUNA_INT: return {"int64_t", "LACUNA_I64", ""};
    case LACUNA_BOOL: return {"uint8_t", "LACUNA_U8", ""};
    case LACUNA_INDEX_OF: return {"int64_t", "LACUNA_I64", ""};
    default: return {"double", "LACUNA_F64", "; NaN where missing"};
  }
}

std::string bounds(const lacuna_type& type) {
  const bool below = type.lower > -std::numeric_limits<double>::infinity(), above = type.upper < std::numeric_limits<double>::infinity();
  if (type.kind == LACUNA_BOOL || type.kind == LACUNA_INDEX_OF) return {};
  if (below && above) return fmt::format(", {} to {}", type.lower, type.upper);
  if (below) return fmt::format(", {} {}", type.open & 1 ? "greater than" : "at least", type.lower);
  if (above) return fmt::format(", {} {}", type.open & 2 ? "less than" : "at most", type.upper);
  return {};
}

// What the values are, in words.
std::string values(const lacuna_metadata& m, const lacuna_type& type) {
  static constexpr const char* kStructures[] = {"", "a simplex", "an ordered vector", "a positive ordered vector", "a unit vector", "a zero-sum vector",
                                                "a covariance", "a correlation", "the Cholesky factor of a covariance", "the Cholesky factor of a correlation", "a vector"};
  if (type.structure != LACUNA_SCALAR) return kStructures[type.structure];
  switch (type.kind) {
    case LACUNA_INT: return "whole numbers" + bounds(type);
    case LACUNA_BOOL: return "0 or 1";
    case LACUNA_INDEX_OF: return fmt::format("positions in `{}`, from 0", m.dimensions[type.index_of].name);
    default: return "real numbers" + bounds(type);
  }
}

// Writes one model's header.
class Writer {
 public:
  explicit Writer(const lacuna_metadata& m) : m_(m), name_(support::c_name(m.name)) {
    std::set<std::string> taken, sites;
    dimensions_ = members(m.dimensions, m.dimension_count, taken);
    arguments_ = members(m.arguments, m.argument_count, taken);
    sites_ = members(m.sites, m.site_count, sites);
  }

  std::string write() {
    opening();
    constants();
    inputs();
    fill();
    calls();
    say("#ifdef __cplusplus\n}}\n#endif\n#endif\n");
    return std::move(text_);
  }

 private:
  template <class... Args>
  void say(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
  }

  void opening() {
    say("/* The model `{}` of {}, compiled by Lacuna {} for {}.\n", m_.name, comment(m_.source_name, ""), m_.compiler, m_.target);
    if (m_.doc) say(" *\n * {}\n", comment(m_.doc, ""));
    say(" *\n"
        " * Fill a {0}_inputs; ask {0}_bind_size for the size of the bound model; give {0}_bind_into so much memory, beginning at a\n"
        " * multiple of 64 bytes (aligned_alloc(64, bytes)); call the functions of the table lacuna_{0}() with it.\n"
        " * lacuna/model.h describes them one by one.\n */\n",
        name_);
    say("#ifndef LACUNA_MODEL_{0}_H\n#define LACUNA_MODEL_{0}_H\n#include \"lacuna/model.h\"\n\n#ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n", name_);
    say("/* The model's table of functions: constant, never null. */\nconst lacuna_model* lacuna_{}(void);\n\n", name_);
  }

  template <class Info, class About>
  void list(std::string_view what, std::string_view about, const Info* first, const std::vector<std::string>& names, const About& note) {
    say("/* {} */\nenum {{\n", about);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string more = note(first[i]);
      say("  {}_{}_{} = {},{}\n", name_, what, names[i], i, more.empty() ? "" : fmt::format(" /* {} */", more));
    }
    say("  {}_{}_count = {}\n}};\n\n", name_, what, names.size());
  }

  std::string site_note(const lacuna_site_info& s) {
    static constexpr const char* kKinds[] = {"latent", "observed", "imputed cells", "factor", "output"};
    std::string made = kKinds[s.kind];
    if (s.rank > 0) made += " " + axes(m_, s.axes, s.rank);
    if (s.kind != LACUNA_FACTOR) made += ": " + values(m_, s.type);
    if (s.statement) made += fmt::format("; ~ {}", comment(s.statement, " "));
    if (s.doc) made += fmt::format("\n   * {}", comment(s.doc, "  "));
    return made;
  }

  void constants() {
    const auto dimension = [](const lacuna_dimension_info&) { return std::string(); };
    const auto argument = [](const lacuna_argument_info&) { return std::string(); };
    list("dimension", "Positions of dimensions, in lacuna_prediction.maps, lacuna_shape and lacuna_error.", m_.dimensions, dimensions_, dimension);
    list("argument", "Positions of arguments, in lacuna_error.", m_.arguments, arguments_, argument);
    list("site", "Positions of sites, in lacuna_prediction.out, lacuna_shape and lacuna_error.", m_.sites, sites_,
         [this](const lacuna_site_info& s) { return site_note(s); });
  }

  std::string dimension_note(const lacuna_dimension_info& d) {
    if (d.origin == LACUNA_DERIVED && d.rule) return fmt::format("number of `{}`, which is {}", d.name, comment(d.rule, " "));
    std::string made = fmt::format("number of `{}`", d.name);
    if (d.declared_size >= 0) made += fmt::format("; 0: {}, as declared", d.declared_size);
    if (d.least > 1) made += fmt::format("; at least {}", d.least);
    if (d.pinned) made += "; no other";
    return made;
  }

  // One member a dimension and one an argument; what may have gaps has bytes that say where.
  void inputs() {
    say("/* The data. Arrays have no gaps between elements, and the last dimension varies fastest. A null array is not given. */\n");
    say("typedef struct {}_inputs {{\n", name_);
    for (std::size_t i = 0; i < dimensions_.size(); ++i) {
      const lacuna_dimension_info& d = m_.dimensions[i];
      if (d.origin == LACUNA_CELLS) continue;
      say("  int64_t {}; /* {} */\n", dimensions_[i], dimension_note(d));
    }
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      const lacuna_argument_info& a = m_.arguments[i];
      const Kind kind = kind_of(a.type);
      const bool gaps = (a.flags & LACUNA_OPTIONAL) != 0;
      if (a.doc) say("  /* {} */\n", comment(a.doc, "  "));
      say("  const {}* {}; /* {}{}{}{}{} */\n", kind.element, arguments_[i], axes(m_, a.axes, a.rank), a.rank > 0 ? " " : "", values(m_, a.type),
          gaps ? kind.null : "", a.flags & LACUNA_TARGET ? "; observed, not needed for a prediction" : "");
      if (gaps) say("  const uint8_t* {}_present; /* the same shape: 0 where missing; null: no gaps{} */\n", arguments_[i], *kind.null ? " but NaN" : "");
    }
    say("  const uint64_t* keys[{}]; /* [dimension] keys of labels by which random numbers go, or null: positions */\n}} {}_inputs;\n\n",
        std::max<std::size_t>(dimensions_.size(), 1), name_);
  }

  std::size_t axis_count() const {
    std::size_t total = 0;
    for (int32_t i = 0; i < m_.argument_count; ++i) total += static_cast<std::size_t>(m_.arguments[i].rank);
    return std::max<std::size_t>(total, 1);
  }

  // From the inputs to what the table takes.
  void fill() {
    say("/* The inputs as the table's functions take them: for arrays that are strided, sparse or of other types, fill these. */\n");
    say("typedef struct {0}_arrays {{\n  lacuna_dimension dimensions[{1}];\n  lacuna_array arguments[{2}];\n  int64_t sizes[{3}], strides[{3}];\n}} {0}_arrays;\n\n", name_,
        std::max<std::size_t>(dimensions_.size(), 1), std::max<std::size_t>(arguments_.size(), 1), axis_count());
    say("static inline void {0}_dense({0}_arrays* to, int argument, const void* data, int dtype, int64_t bytes, const uint8_t* present, int first, int rank) {{\n"
        "  lacuna_array* made = &to->arguments[argument];\n"
        "  int axis;\n"
        "  for (axis = rank - 1; axis >= 0; --axis) {{\n"
        "    to->strides[first + axis] = bytes;\n"
        "    bytes *= to->sizes[first + axis];\n"
        "  }}\n"
        "  made->data = data;\n"
        "  made->dtype = dtype;\n"
        "  made->rank = data ? rank : -1;\n"
        "  made->sizes = to->sizes + first;\n"
        "  made->strides = to->strides + first;\n"
        "  made->present = present;\n"
        "  made->cells = 0;\n"
        "  made->coordinates = 0;\n"
        "}}\n\n",
        name_);
    say("static inline void {0}_fill(const {0}_inputs* in, {0}_arrays* to) {{\n", name_);
    if (dimensions_.empty() && arguments_.empty()) say("  (void)in;\n  (void)to;\n");
    for (std::size_t i = 0; i < dimensions_.size(); ++i) {
      const lacuna_dimension_info& d = m_.dimensions[i];
      say("  to->dimensions[{}].size = {};\n  to->dimensions[{}].keys = in->keys[{}];\n", i, d.origin == LACUNA_GIVEN ? given_size(i) : "-1", i, i);
    }
    std::size_t axis = 0;
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      const lacuna_argument_info& a = m_.arguments[i];
      const Kind kind = kind_of(a.type);
      const std::size_t first = axis;
      for (int32_t k = 0; k < a.rank; ++k) say("  to->sizes[{}] = {};\n", axis++, given_size(static_cast<std::size_t>(a.axes[k])));
      say("  {}_dense(to, {}, in->{}, {}, sizeof({}), {}, {}, {});\n", name_, i, arguments_[i], kind.dtype, kind.element,
          a.flags & LACUNA_OPTIONAL ? fmt::format("in->{}_present", arguments_[i]) : "0", first, a.rank);
    }
    say("}}\n\n");
  }

  std::string given_size(std::size_t dimension) {
    const lacuna_dimension_info& d = m_.dimensions[dimension];
    const std::string& name = dimensions_[dimension];
    return d.declared_size >= 0 ? fmt::format("in->{} ? in->{} : {}", name, name, d.declared_size) : fmt::format("in->{}", name);
  }

  void calls() {
    say("/* Bytes of memory for these inputs. Returns enum lacuna_code, as all functions do; `error` may be null. */\n"
        "static inline int {0}_bind_size(const {0}_inputs* inputs, int64_t* bytes, lacuna_error* error) {{\n"
        "  const lacuna_model* model = lacuna_{0}();\n"
        "  {0}_arrays arrays;\n"
        "  {0}_fill(inputs, &arrays);\n"
        "  return model->bind_size(model, arrays.dimensions, arrays.arguments, bytes, error);\n}}\n\n",
        name_);
    say("/* Checks the inputs and writes the bound model, after which they may be freed. `flags`: 0, or LACUNA_FOR_PREDICTION. */\n"
        "static inline int {0}_bind_into(const {0}_inputs* inputs, uint32_t flags, void* memory, int64_t bytes, lacuna_error* error) {{\n"
        "  const lacuna_model* model = lacuna_{0}();\n"
        "  {0}_arrays arrays;\n"
        "  {0}_fill(inputs, &arrays);\n"
        "  return model->bind_into(model, arrays.dimensions, arrays.arguments, flags, memory, bytes, error);\n}}\n\n",
        name_);
    say("/* An error in words, cut to `bytes` with its final zero. */\n"
        "static inline void {0}_message(const lacuna_error* error, char* text, int64_t bytes) {{\n"
        "  lacuna_{0}()->message(lacuna_{0}(), error, text, bytes);\n}}\n\n",
        name_);
  }

  const lacuna_metadata& m_;
  std::string name_, text_;
  std::vector<std::string> dimensions_, arguments_, sites_;
};

}  // namespace

std::string model_header(const lacuna_metadata& m) { return Writer(m).write(); }

}  // namespace lacuna::driver
