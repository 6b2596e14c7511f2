#include "runtime/diagnostics/diagnostic.h"

#include <algorithm>
#include <cctype>
#include <array>
#include <cstring>

namespace lacuna::runtime {
namespace {

constexpr Entry kEntries[] = {
#define LACUNA_RUNTIME_DIAGNOSTIC(code, name, severity, message) {#code, #name, Severity::severity, message},
#include "runtime/diagnostics/diagnostics.def"
#undef LACUNA_RUNTIME_DIAGNOSTIC
};

std::string_view line_of(const lacuna_metadata& metadata, std::uint32_t line) {
  if (!metadata.source || line == 0) return {};
  const char* at = metadata.source;
  for (; line > 1 && at; --line) {
    at = std::strchr(at, '\n');
    if (at) ++at;
  }
  if (!at) return {};
  const char* end = std::strchr(at, '\n');
  return end ? std::string_view(at, static_cast<std::size_t>(end - at)) : std::string_view(at);
}

// The program's line, marked.
std::string excerpt(const Diagnostic& diagnostic, const lacuna_metadata& metadata) {
  const lacuna_range& range = *diagnostic.at;
  std::string text = fmt::format("  --> {}:{}:{}\n", metadata.source_name, range.line, range.column);
  const std::string_view line = line_of(metadata, range.line);
  if (line.empty()) return diagnostic.at_text.empty() ? text : text + fmt::format("   | {}\n", diagnostic.at_text);
  const std::size_t width = std::to_string(range.line).size();
  const std::size_t from = range.column > 0 ? range.column - 1 : 0;
  const std::size_t to = range.end_line == range.line ? range.end_column - 1 : line.size();
  const std::string pad(std::max<std::size_t>(width, 2) + 1, ' ');
  text += fmt::format("{}|\n{:>{}} | {}\n{}| ", pad, range.line, pad.size() - 1, line, pad);
  for (std::size_t i = 0; i < from && i < line.size(); ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xC0) != 0x80) text += line[i] == '\t' ? '\t' : ' ';
  }
  for (std::size_t i = from; i < to && i < line.size(); ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xC0) != 0x80) text += '^';
  }
  return text + (diagnostic.at_text.empty() ? "" : " " + diagnostic.at_text) + "\n";
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string json_list(const std::vector<std::string>& list) {
  std::string out = "[";
  for (std::size_t i = 0; i < list.size(); ++i) out += (i ? "," : "") + json_string(list[i]);
  return out + "]";
}

// Edit distance with transpositions of neighbours (Damerau, restricted).
bool equal_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

}  // namespace

const Entry& entry(Id id) {
  return kEntries[static_cast<std::size_t>(id)];
}

std::string counted(std::int64_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::string nearest(std::string_view wanted, const std::vector<std::string>& known) {
  std::string best;
  std::size_t least = wanted.size() / 3 + 1;
  if (wanted.size() < 3) least = 1;
  for (const std::string& name : known) {
    const std::size_t far = distance(wanted, name);
    // Names that share nothing are not near, however short they are.
    const bool alike = far < std::max(wanted.size(), name.size()) || equal_but_for_case(wanted, name);
    if (alike && far <= least && (best.empty() || far < least)) {
      best = name;
      least = far;
    }
  }
  return best;
}

std::string render(const Diagnostic& diagnostic, const lacuna_metadata* metadata) {
  const Entry& kind = entry(diagnostic.id);
  std::string text = fmt::format("{}[{}]: {}\n", kind.severity == Severity::Error ? "error" : "warning", kind.code,
                                 diagnostic.message);
  if (!diagnostic.place.empty()) text += fmt::format("  --> {}\n", diagnostic.place);
  for (const std::string& row : diagnostic.rows) text += fmt::format("   | {}\n", row);
  const std::int64_t more = diagnostic.row_count - static_cast<std::int64_t>(diagnostic.rows.size());
  if (more > 0) text += fmt::format("   | ... and {} more\n", counted(more, diagnostic.row_word));
  if (diagnostic.at && metadata && diagnostic.at->line > 0) text += excerpt(diagnostic, *metadata);
  for (const std::string& note : diagnostic.notes) text += fmt::format("   = note: {}\n", note);
  for (const std::string& help : diagnostic.helps) text += fmt::format("   = help: {}\n", help);
  return text;
}

std::string render_json(const Diagnostic& diagnostic, const lacuna_metadata* metadata) {
  const Entry& kind = entry(diagnostic.id);
  std::string text =
      fmt::format(R"({{"code":"{}","severity":"{}","message":{})", kind.code,
                  kind.severity == Severity::Error ? "error" : "warning", json_string(diagnostic.message));
  if (!diagnostic.place.empty()) text += ",\"place\":" + json_string(diagnostic.place);
  if (diagnostic.at && metadata && diagnostic.at->line > 0) {
    text += fmt::format(R"(,"file":{},"line":{},"column":{})", json_string(metadata->source_name), diagnostic.at->line,
                        diagnostic.at->column);
  }
  text += fmt::format(R"(,"rows":{},"row_count":{},"notes":{},"helps":{}}})", json_list(diagnostic.rows),
                      diagnostic.row_count, json_list(diagnostic.notes), json_list(diagnostic.helps));
  return text;
}

}  // namespace lacuna::runtime
