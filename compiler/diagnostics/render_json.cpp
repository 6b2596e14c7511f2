#include "compiler/diagnostics/render_json.h"

#include "compiler/support/json_text.h"

namespace lacuna::diagnostics {

namespace {

using support::json_string;

template <class T, class Write>
std::string array(const std::vector<T>& items, Write write) {
  std::string out = "[";
  for (const T& item : items) {
    if (out.size() > 1) out += ", ";
    out += write(item);
  }
  return out + "]";
}

class Writer {
 public:
  explicit Writer(const support::SourceMap& sources) : sources_(sources) {}

  std::string diagnostic(const Diagnostic& d) const {
    return fmt::format(
        "{{\"code\": {}, \"severity\": {}, \"message\": {}, \"file\": {}, \"range\": {}, \"label\": {}, \"labels\": {}, \"notes\": {}, "
        "\"helps\": {}}}",
        json_string(entry(d.id).code), d.severity() == Severity::Error ? "\"error\"" : "\"warning\"", json_string(d.message),
        file(d.primary.range), range(d.primary.range), json_string(d.primary.text),
        array(d.also, [&](const Label& l) { return label(l); }), array(d.notes, [](const std::string& n) { return json_string(n); }),
        array(d.helps, [&](const Help& h) { return help(h); }));
  }

 private:
  std::string file(SourceRange r) const { return json_string(sources_.file(r.file).path()); }
  std::string place(support::FileId id, std::uint32_t offset) const {
    const support::Position at = sources_.file(id).position(offset);
    return fmt::format("{{\"line\": {}, \"column\": {}, \"offset\": {}}}", at.line, at.column, offset);
  }
  std::string range(SourceRange r) const {
    return fmt::format("{{\"begin\": {}, \"end\": {}}}", place(r.file, r.begin), place(r.file, r.end));
  }
  std::string label(const Label& l) const {
    return fmt::format("{{\"file\": {}, \"range\": {}, \"text\": {}}}", file(l.range), range(l.range), json_string(l.text));
  }
  std::string help(const Help& h) const {
    return fmt::format("{{\"text\": {}, \"fixits\": {}}}", json_string(h.text), array(h.fixits, [&](const FixIt& f) {
                         return fmt::format("{{\"range\": {}, \"replacement\": {}}}", range(f.range), json_string(f.replacement));
                       }));
  }

  const support::SourceMap& sources_;
};

}  // namespace

std::string render_json(const std::vector<Diagnostic>& diagnostics, const support::SourceMap& sources) {
  const Writer writer(sources);
  std::string out = "[";
  for (const Diagnostic& d : diagnostics) {
    out += out.size() > 1 ? ",\n " : "";
    out += writer.diagnostic(d);
  }
  return out + "]\n";
}

}  // namespace lacuna::diagnostics
