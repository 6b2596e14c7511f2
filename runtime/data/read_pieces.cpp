#include <algorithm>
#include <set>
#include <string_view>

#include "runtime/data/labels.h"
#include "runtime/data/pieces.h"

namespace lacuna::runtime::data {
namespace {

bool has(const Source& source, const std::string& name) {
  const auto& names = source.names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

int find_argument(const lacuna_metadata& metadata, std::string_view name) {
  for (int a = 0; a < metadata.argument_count; ++a) {
    if (metadata.arguments[a].name == name) return a;
  }
  return -1;
}

int find_dimension(const lacuna_metadata& metadata, std::string_view name) {
  for (int d = 0; d < metadata.dimension_count; ++d) {
    if (metadata.dimensions[d].name == name) return d;
  }
  return -1;
}

Wanted wanted_for(const lacuna_argument_info& about) {
  switch (about.type.kind) {
    case LACUNA_REAL:
      return Wanted::Real;
    case LACUNA_BOOL:
      return Wanted::Bool;
    case LACUNA_INDEX_OF:
      return Wanted::Label;
    default:
      return Wanted::Whole;
  }
}

std::string rank_words(std::int64_t rank) {
  return rank == 0 ? "no dimensions" : counted(rank, "dimension");
}

class Reader {
 public:
  Reader(const lacuna_metadata& metadata, std::vector<std::unique_ptr<Source>>& sources, const Options& options,
         const Needs& needs, Problems& problems)
      : metadata_(metadata), sources_(sources), options_(options), needs_(needs), problems_(problems) {}

  Pieces run() {
    check_options();
    for (int a = 0; a < metadata_.argument_count; ++a) locate(a);
    locate_keys();
    for (auto& source : sources_) read(*source);
    for (const Piece& piece : result_.pieces) check_rank(piece);
    return std::move(result_);
  }

 private:
  void unknown(const std::string& option, const char* what, const std::string& name, std::vector<std::string> known) {
    Diagnostic& made =
        problems_.report(Id::OptionWithoutMeaning, option, fmt::format("the model has no {} `{}`", what, name));
    const std::string near = nearest(name, known);
    if (!near.empty()) made.help(fmt::format("did you mean `{}`?", near));
  }
  void expect_argument(const std::string& option, const std::string& name) {
    if (find_argument(metadata_, name) >= 0) return;
    std::vector<std::string> known;
    for (int a = 0; a < metadata_.argument_count; ++a) known.emplace_back(metadata_.arguments[a].name);
    unknown(option, "argument", name, known);
  }
  void expect_dimension(const std::string& option, const std::string& name) {
    if (find_dimension(metadata_, name) >= 0) return;
    std::vector<std::string> known;
    for (int d = 0; d < metadata_.dimension_count; ++d) known.emplace_back(metadata_.dimensions[d].name);
    unknown(option, "dimension", name, known);
  }

  void check_options() {
    for (const Binding& binding : options_.bindings) {
      expect_argument("--bind " + binding.written, binding.argument);
      const int a = find_argument(metadata_, binding.argument);
      if (a < 0) continue;
      const std::int64_t rank = metadata_.arguments[a].rank;
      const bool long_table = !binding.by.empty();
      if (long_table ? static_cast<std::int64_t>(binding.by.size()) != rank
                     : (binding.columns.size() > 1 && rank != 2)) {
        problems_.report(Id::OptionWithoutMeaning, "--bind " + binding.written,
                         fmt::format("`{}` has {}", binding.argument, rank_words(rank)));
      }
    }
    for (const auto& [dimension, column] : options_.keys)
      expect_dimension("--key " + dimension + "=" + column, dimension);
    for (const auto& [dimension, size] : options_.sizes) {
      expect_dimension(fmt::format("--size {}={}", dimension, size.value), dimension);
    }
    for (const auto& [argument, value] : options_.missing)
      expect_argument("--missing " + argument + "=" + value, argument);
    for (const auto& [argument, base] : options_.index_base) {
      expect_argument(fmt::format("--index-base {}={}", argument, base), argument);
    }
  }

  // The sources that have all these names.
  std::vector<Source*> holders(const std::vector<std::string>& names) const {
    std::vector<Source*> found;
    for (const auto& source : sources_) {
      if (std::all_of(names.begin(), names.end(), [&](const std::string& name) { return has(*source, name); })) {
        found.push_back(source.get());
      }
    }
    return found;
  }

  void locate(int a) {
    const lacuna_argument_info& about = metadata_.arguments[a];
    if (about.flags & LACUNA_LABEL) return;  // labels say where it is
    const Binding* const binding = options_.binding_of(about.name);
    std::vector<std::string> names = binding ? binding->columns : std::vector<std::string>{about.name};
    if (binding) names.insert(names.end(), binding->by.begin(), binding->by.end());
    const std::vector<Source*> found = holders(names);
    if (found.empty()) {
      const bool needed = needs_.targets || !(about.flags & (LACUNA_TARGET | LACUNA_MASK));
      // New data may leave an argument out, but not half of it: some columns of a matrix, the values of a long table.
      const bool some = binding && std::any_of(binding->columns.begin(), binding->columns.end(),
                                               [&](const std::string& name) { return !holders({name}).empty(); });
      if (needs_.fitted ? some : needed) report_argument_missing(metadata_, a, sources_, options_, problems_);
      return;
    }
    if (found.size() > 1) {
      Diagnostic& made = problems_.report(Id::FoundTwice, about.name);
      for (const Source* source : found) made.row(source->path());
      made.help(
          fmt::format("to choose, leave one of the files out, or bind another name: `--bind '{} = NAME'`", about.name));
      return;
    }
    Piece piece;
    piece.argument = a;
    piece.source = found.front();
    piece.binding = binding;
    piece.is_matrix = binding && binding->by.empty() && about.rank == 2 && piece.source->is_table();
    result_.pieces.push_back(std::move(piece));
  }

  void locate_keys() {
    for (const auto& [dimension, column] : options_.keys) {
      const int d = find_dimension(metadata_, dimension);
      if (d < 0) continue;
      // A table labels its rows by this column when it holds an argument over the dimension.
      bool any = false;
      std::vector<std::string> columns;
      for (const auto& source : sources_) {
        const bool holds =
            source->is_table() && std::any_of(result_.pieces.begin(), result_.pieces.end(), [&](const Piece& p) {
              const lacuna_argument_info& about = metadata_.arguments[p.argument];
              return p.source == source.get() && !p.is_long() && about.rank > 0 && about.axes[0] == d;
            });
        if (holds) columns.insert(columns.end(), source->names().begin(), source->names().end());
        if (!holds || !has(*source, column)) continue;
        result_.keys.push_back({d, source.get(), {}});
        any = true;
      }
      if (any || options_.remembered_keys.count(dimension)) continue;
      Diagnostic& made = problems_.report(Id::OptionWithoutMeaning, fmt::format("--key {}={}", dimension, column),
                                          fmt::format("no table over `{}` has a column `{}`", dimension, column));
      const std::string near = nearest(column, columns);
      if (!near.empty()) made.help(fmt::format("did you mean `{}`?", near));
    }
  }

  // All that is wanted from one source, in one pass.
  void read(Source& source) {
    std::vector<Request> requests;
    std::vector<Cells*> into;
    std::vector<std::string> used;
    const auto ask = [&](const std::string& name, Wanted as, Cells* where) {
      requests.push_back({name, as, false, std::nullopt, {}});
      into.push_back(where);
      used.push_back(name);
      return &requests.back();
    };
    for (Piece& piece : result_.pieces) {
      if (piece.source != &source) continue;
      const lacuna_argument_info& about = metadata_.arguments[piece.argument];
      Request* const request = ask(piece.binding && !piece.is_matrix ? piece.binding->columns[0] : about.name,
                                   wanted_for(about), &piece.cells);
      piece.is_read = true;
      // Of new data every cell is read.
      request->lenient = (about.flags & LACUNA_UNCHECKED) && !needs_.fitted;
      const auto missing = options_.missing.find(about.name);
      if (missing != options_.missing.end()) request->missing = missing->second;
      if (piece.is_matrix) {
        request->columns = piece.binding->columns;
        used.back() = request->columns.front();
        used.insert(used.end(), request->columns.begin() + 1, request->columns.end());
      }
      if (!piece.is_long()) continue;
      piece.by.resize(piece.binding->by.size());
      for (std::size_t k = 0; k < piece.by.size(); ++k) ask(piece.binding->by[k], Wanted::Label, &piece.by[k]);
    }
    for (Key& key : result_.keys) {
      if (key.source == &source)
        ask(options_.keys.at(metadata_.dimensions[key.dimension].name), Wanted::Label, &key.cells);
    }
    std::vector<std::pair<int, Cells>> scalars;
    scalars.reserve(static_cast<std::size_t>(metadata_.dimension_count));
    for (int d = 0; d < metadata_.dimension_count && !source.is_table(); ++d) {
      if (!has(source, metadata_.dimensions[d].name) || find_argument(metadata_, metadata_.dimensions[d].name) >= 0)
        continue;
      // A coordinate or a list of that name is none, and no mistake.
      ask(metadata_.dimensions[d].name, Wanted::Whole, &scalars.emplace_back(d, Cells()).second)->lenient = true;
    }
    const std::set<std::string_view> asked(used.begin(), used.end());
    for (const std::string& name : source.names()) {
      if (!asked.count(name)) result_.unused.push_back(source.path() + ": " + name);
    }
    if (requests.empty()) return;
    std::vector<Cells> cells = read_distinct(source, requests);
    if (cells.size() != requests.size()) return;
    for (std::size_t i = 0; i < cells.size(); ++i) *into[i] = std::move(cells[i]);
    for (auto& [d, scalar] : scalars) {
      if (scalar.sizes.empty() && scalar.whole.size() == 1 && scalar.is_present(0)) result_.scalar_sizes[d] = {scalar.whole[0], source.path()};
    }
  }

  // A column that two arguments name is read for each.
  std::vector<Cells> read_distinct(Source& source, const std::vector<Request>& requests) {
    if (source.is_table()) return source.read(requests, problems_);
    std::vector<Cells> result(requests.size());
    std::vector<bool> done(requests.size());
    for (std::size_t from = 0; from < requests.size();) {
      std::vector<Request> round;
      std::vector<std::size_t> which;
      for (std::size_t i = from; i < requests.size(); ++i) {
        const bool again =
            std::any_of(round.begin(), round.end(), [&](const Request& r) { return r.name == requests[i].name; });
        if (done[i] || again) continue;
        done[i] = true;
        round.push_back(requests[i]);
        which.push_back(i);
      }
      std::vector<Cells> cells = source.read(round, problems_);
      if (cells.size() != round.size()) return {};
      for (std::size_t i = 0; i < which.size(); ++i) result[which[i]] = std::move(cells[i]);
      while (from < requests.size() && done[from]) ++from;
    }
    return result;
  }

  void check_rank(const Piece& piece) {
    const lacuna_argument_info& about = metadata_.arguments[piece.argument];
    if (piece.is_long() || piece.is_matrix || !piece.is_read || problems_.any_error()) return;
    const std::int64_t rank = static_cast<std::int64_t>(piece.cells.sizes.size());
    if (rank == about.rank) return;
    // An empty nested array does not show its rank.
    if (rank > 0 && rank < about.rank && piece.cells.size() == 0) return;
    Diagnostic& made = problems_.report(Id::WrongRank, about.name, rank_words(rank), rank_words(about.rank))
                           .in(piece.source->path())
                           .program(about.range, "");
    if (piece.binding && piece.binding->columns.size() > 1)
      made.note("columns make a matrix in a table (CSV); elsewhere a matrix is one array");
  }

  const lacuna_metadata& metadata_;
  std::vector<std::unique_ptr<Source>>& sources_;
  const Options& options_;
  const Needs& needs_;
  Problems& problems_;
  Pieces result_;
};

}  // namespace

void report_argument_missing(const lacuna_metadata& metadata, int argument,
                             const std::vector<std::unique_ptr<Source>>& sources, const Options& options,
                             Problems& problems) {
  const lacuna_argument_info& about = metadata.arguments[argument];
  const Binding* const binding = options.binding_of(about.name);
  std::vector<std::string> names = binding ? binding->columns : std::vector<std::string>{about.name};
  if (binding) names.insert(names.end(), binding->by.begin(), binding->by.end());
  Diagnostic& made = problems.report(Id::ArgumentMissing, about.name);
  made.program(about.range, "");
  std::vector<std::string> all, known;
  for (const auto& source : sources) {
    for (const std::string& name : source->names()) {
      all.push_back(name);
      // A column that is another argument is not meant for this one.
      const int other = find_argument(metadata, name);
      if (other < 0 || other == argument || options.binding_of(name)) known.push_back(name);
    }
  }
  for (const std::string& name : names) {
    if (std::find(all.begin(), all.end(), name) != all.end()) continue;
    const std::string near = nearest(name, known);
    if (binding) made.note(fmt::format("no file has `{}`", name));
    if (!near.empty() && !binding) made.help(fmt::format("`{}` is near: `--bind '{} = {}'`", near, about.name, near));
    if (!near.empty() && binding) made.help(fmt::format("did you mean `{}`?", near));
  }
  if (!binding && nearest(about.name, known).empty() && !all.empty()) {
    constexpr std::size_t kShown = 10;
    std::string list;
    for (std::size_t i = 0; i < std::min(all.size(), kShown); ++i) list += (i ? ", `" : "`") + all[i] + "`";
    if (all.size() > kShown) list += fmt::format(" and {} more", all.size() - kShown);
    made.note(fmt::format("the data have {}", list));
    made.help(fmt::format("another name for it is bound: `--bind '{} = NAME'`", about.name));
  }
  if (!binding && about.rank == 2 &&
      std::any_of(sources.begin(), sources.end(), [](auto& s) { return s->is_table(); })) {
    made.help(fmt::format("columns of a table make a matrix: `--bind '{} = FIRST, SECOND'`", about.name));
  }
}

Pieces read_pieces(const lacuna_metadata& metadata, std::vector<std::unique_ptr<Source>>& sources,
                   const Options& options, const Needs& needs, Problems& problems) {
  return Reader(metadata, sources, options, needs, problems).run();
}

std::string label_text(const Cells& cells, std::int64_t cell) {
  const std::int64_t code = cells.whole[static_cast<std::size_t>(cell)];
  return cells.labelled ? canonical_label(cells.labels[static_cast<std::size_t>(code)]) : std::to_string(code);
}

std::vector<std::string> distinct_labels(const Cells& cells) {
  std::vector<std::string> labels;
  if (cells.labelled) {
    for (const std::string& label : cells.labels) labels.push_back(canonical_label(label));
  } else {
    std::vector<std::int64_t> values;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(cells.whole.size()); ++i) {
      if (cells.is_present(i)) values.push_back(cells.whole[static_cast<std::size_t>(i)]);
    }
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    for (const std::int64_t value : values) labels.push_back(std::to_string(value));
  }
  return labels;
}

}  // namespace lacuna::runtime::data
