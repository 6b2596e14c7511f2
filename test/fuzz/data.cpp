// Feeds the readers of data with any bytes, as CSV or JSON by how they begin: each array is read as every kind, and the whole is matched to
// a model with an index, a table of reals and a target. It ends with arrays whose parts agree, or with diagnostics; never in a crash.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/data/bind.h"
#include "runtime/data/dataset.h"
#include "test/unit/runtime/models/models.h"

namespace {

using namespace lacuna::runtime;
using data::Cells;
using data::Wanted;

[[noreturn]] void complain(std::string_view what) {
  fmt::print(stderr, "fuzz: {}\n", what);
  std::abort();
}

std::unique_ptr<data::Source> open(const std::string& text, Problems& problems) {
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool json = first != std::string::npos && (text[first] == '{' || text[first] == '[');
  return json ? data::open_json("data.json", data::Text::of(text), problems) : data::open_csv("data.csv", data::Text::of(text), problems);
}

void require_sound(const Cells& cells, Wanted as) {
  const auto size = static_cast<std::size_t>(cells.size());
  if ((as == Wanted::Real ? cells.real.size() : cells.whole.size()) != size) complain("an array has another length than its sizes say");
  if (!cells.present.empty() && cells.present.size() != size) complain("what is there has another length than the array");
  for (std::size_t i = 0; cells.labelled && i < size; ++i) {
    if (!cells.is_present(static_cast<std::int64_t>(i))) continue;
    if (cells.whole[i] < 0 || cells.whole[i] >= static_cast<std::int64_t>(cells.labels.size())) complain("a code without its label");
  }
}

void require_said(const Problems& problems) {
  for (const Diagnostic& diagnostic : problems.list())
    if (render(diagnostic, nullptr).empty()) complain("a diagnostic without words");
}

void read_as(const std::string& text, Wanted as) {
  Problems problems;
  const auto source = open(text, problems);
  if (!source) return require_said(problems);
  std::vector<data::Request> requests;
  for (const std::string& name : source->names()) requests.push_back({.name = name, .as = as, .missing = "-1"});
  const std::size_t before = problems.list().size();
  const std::vector<Cells> read = source->read(requests, problems);
  require_said(problems);
  if (problems.list().size() > before) return;
  if (read.size() != requests.size()) complain("an array was asked for and not read");
  for (const Cells& cells : read) {
    require_sound(cells, as);
    if (cells.size() > 0 && !cells.name.empty() && source->place(cells, cells.size() - 1).empty()) complain("a cell without a place");
  }
}

void match_and_bind(const std::string& text) {
  Problems problems;
  std::vector<std::unique_ptr<data::Source>> sources;
  if (auto source = open(text, problems)) sources.push_back(std::move(source));
  const lacuna_model& model = lacuna::test::hierarchy();
  const auto dataset = data::match(*model.metadata, sources, {}, {}, problems);
  if (!dataset && problems.list().empty()) complain("no data, and no word why");
  constexpr std::int64_t kCounties = 64, kRows = 256;  // at most, of this model
  if (dataset && dataset->dimensions[0].size <= kCounties && dataset->dimensions[1].size <= kRows) data::BoundModel::bind(model, *dataset, problems);
  require_said(problems);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  for (const Wanted as : {Wanted::Real, Wanted::Whole, Wanted::Bool, Wanted::Label}) read_as(text, as);
  match_and_bind(text);
  return 0;
}
