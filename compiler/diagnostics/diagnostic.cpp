#include "compiler/diagnostics/diagnostic.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace lacuna::diagnostics {

namespace {

constexpr std::array kEntries = {
#define LACUNA_DIAGNOSTIC(code, name, severity, message) Entry{#code, #name, Severity::severity, message},
#include "compiler/diagnostics/diagnostics.def"
#undef LACUNA_DIAGNOSTIC
};

auto place(const Diagnostic& d) {
  return std::tuple(d.primary.range.file, d.primary.range.begin, d.primary.range.end, static_cast<int>(d.id));
}

}  // namespace

const Entry& entry(Id id) { return kEntries[static_cast<std::size_t>(id)]; }

const std::vector<Id>& all_ids() {
  static const std::vector<Id> ids = [] {
    std::vector<Id> list;
    for (std::size_t i = 0; i < kEntries.size(); ++i) list.push_back(static_cast<Id>(i));
    return list;
  }();
  return ids;
}

Diagnostic& Diagnostic::label(std::string text) {
  primary.text = std::move(text);
  return *this;
}

Diagnostic& Diagnostic::also_at(SourceRange range, std::string text) {
  also.push_back({range, std::move(text)});
  return *this;
}

Diagnostic& Diagnostic::note(std::string text) {
  notes.push_back(std::move(text));
  return *this;
}

Diagnostic& Diagnostic::help(std::string text, std::vector<FixIt> fixits) {
  helps.push_back({std::move(text), std::move(fixits)});
  return *this;
}

Diagnostic& Sink::add(Id id, SourceRange range, std::string message) {
  if (entry(id).severity == Severity::Error) ++errors_;
  diagnostics_.push_back({id, std::move(message), {range, {}}, {}, {}, {}});
  return diagnostics_.back();
}

std::vector<Diagnostic> Sink::sorted() const {
  std::vector<Diagnostic> all = diagnostics_;
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return place(a) < place(b); });
  all.erase(std::unique(all.begin(), all.end(), [](const auto& a, const auto& b) { return place(a) == place(b) && a.message == b.message; }),
            all.end());
  return all;
}

void Sink::forget_warnings(std::size_t count) {
  const auto is_warning = [](const Diagnostic& d) { return d.severity() == Severity::Warning; };
  const auto from = diagnostics_.begin() + static_cast<std::ptrdiff_t>(std::min(count, diagnostics_.size()));
  diagnostics_.erase(std::remove_if(from, diagnostics_.end(), is_warning), diagnostics_.end());
}

void Sink::truncate(std::size_t count) {
  while (diagnostics_.size() > count) {
    if (diagnostics_.back().severity() == Severity::Error) --errors_;
    diagnostics_.pop_back();
  }
}

}  // namespace lacuna::diagnostics
