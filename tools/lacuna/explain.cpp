// `lacuna explain`: the long form of a diagnostic.
#include "compiler/diagnostics/explain.h"

#include <memory>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/support/nearest.h"
#include "tools/lacuna/verbs.h"

namespace lacuna::tool {

namespace {

// `e304` and `E0304` are the same code.
std::string canonical(std::string code) {
  for (char& c : code) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  while (code.size() > 1 && code.size() < 5) code.insert(1, "0");
  return code;
}

int explain(const std::string& written) {
  const std::string code = canonical(written);
  if (const auto page = diagnostics::explanation(code)) {
    fmt::print("{}", *page);
    return kDone;
  }
  std::vector<std::string_view> known;
  for (const diagnostics::Id id : diagnostics::all_ids()) {
    const diagnostics::Entry& entry = diagnostics::entry(id);
    known.push_back(entry.code);
    if (entry.code != code) continue;
    fmt::print("# {}: {}\n\nThere is no longer explanation yet.\n", entry.code, entry.message);
    return kDone;
  }
  fmt::print(stderr, "lacuna: there is no diagnostic `{}`", written);
  const std::string_view near = support::nearest(code, known);
  fmt::print(stderr, "{}\n", near.empty() ? std::string() : fmt::format("; did you mean `{}`?", near));
  return kUsage;
}

}  // namespace

void add_explain(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("explain", "The long form of a diagnostic, with a wrong and a right program");
  auto code = std::make_shared<std::string>();
  verb->add_option("CODE", *code, "A code such as E0112")->required();
  verb->footer("Example:\n  lacuna explain E0112");
  add_common(*verb, common);
  verb->callback([code, &action] { action = [code] { return explain(*code); }; });
}

}  // namespace lacuna::tool
