#include "runtime/data/bind.h"

#include <algorithm>

#include "runtime/data/refused_cells.h"

namespace lacuna::runtime::data {
namespace {

// The least position of an argument that seems to count from 1, as binding found it: -1 when it does not.
std::int64_t counted_from(const lacuna_argument_info& about, const Array& array, const Dimension& target) {
  std::int64_t least = target.size, most = -1;
  for (std::size_t i = 0; i < array.whole.size(); ++i) {
    if (!array.present.empty() && !array.present[i]) continue;
    least = std::min(least, array.whole[i]);
    most = std::max(most, array.whole[i]);
  }
  return (about.flags & LACUNA_UNCHECKED) && target.labels.empty() && least >= 1 && most == target.size ? least : -1;
}

// "[3][2]", or with labels "[Aitkin][2]".
std::string subscripts(const lacuna_argument_info& about, const Dataset* dataset, int argument, std::int64_t element) {
  if (!dataset || element < 0) return "";
  const Array& array = dataset->arguments[static_cast<std::size_t>(argument)];
  std::string text;
  for (std::size_t k = array.sizes.size(); k-- > 0;) {
    const std::int64_t size = std::max<std::int64_t>(array.sizes[k], 1), at = element % size;
    const Dimension& axis = dataset->dimensions[static_cast<std::size_t>(about.axes[k])];
    text = (axis.labels.empty() ? fmt::format("[{}]", at)
                                : fmt::format("[{}]", axis.labels[static_cast<std::size_t>(at)])) +
           text;
    element /= size;
  }
  return text;
}

// Whether binding refuses a cell of an argument of which others may hold anything.
bool is_of_a_cell(const lacuna_metadata& metadata, const lacuna_error& error) {
  const bool cell = error.code == LACUNA_MISSING || error.code == LACUNA_VALUE || error.code == LACUNA_INDEX;
  return cell && error.where >= 0 && error.where < metadata.argument_count && error.index >= 0 &&
         (metadata.arguments[error.where].flags & LACUNA_UNCHECKED);
}

// "a gap", "3 gaps", "more than 10 gaps".
std::string so_many(std::size_t count, std::string_view word) {
  if (count <= 1) return fmt::format("a {}", word);
  if (count > Diagnostic::kShownRows) return fmt::format("more than {} {}s", Diagnostic::kShownRows, word);
  return counted(static_cast<std::int64_t>(count), word);
}

// What an error says of an argument's cells.
class Refusal {
 public:
  Refusal(const lacuna_metadata& metadata, const Dataset* dataset, int argument, std::vector<std::int64_t> elements)
      : about_(metadata.arguments[argument]), dataset_(dataset), argument_(argument), elements_(std::move(elements)), count_(elements_.size()) {
    if (elements_.size() > Diagnostic::kShownRows) elements_.resize(Diagnostic::kShownRows);
    if (dataset_ && dataset_->in_files) cells_ = dataset_->in_files(argument, elements_);
  }

  std::size_t count() const { return count_; }
  // The text of the first cell, where it is known.
  std::string first_word() const { return cells_.empty() ? "" : cells_[0].word; }

  void place(Diagnostic& made) const {
    made.program(about_.range, "");
    if (dataset_) made.in(dataset_->arguments[static_cast<std::size_t>(argument_)].origin);
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      const std::string at = subscripts(about_, dataset_, argument_, elements_[i]);
      if (i < cells_.size())
        made.row(cells_[i].word.empty() ? cells_[i].place : fmt::format("{}: `{}`", cells_[i].place, cells_[i].word));
      else if (!at.empty())
        made.row(about_.name + at);
    }
  }

 private:
  const lacuna_argument_info& about_;
  const Dataset* dataset_;
  int argument_;
  std::vector<std::int64_t> elements_;
  std::size_t count_;
  std::vector<CellInFile> cells_;
};

// Codes that their dimension has not: positions, some of which may count from 1, or labels.
void report_outside(const lacuna_metadata& metadata, const Dataset* dataset, int argument, const Refusal& refusal, Problems& problems) {
  const lacuna_argument_info& about = metadata.arguments[argument];
  const int of = about.type.index_of;
  if (of >= 0 && dataset) {
    const Array& array = dataset->arguments[static_cast<std::size_t>(argument)];
    const Dimension& target = dataset->dimensions[static_cast<std::size_t>(of)];
    if (const std::int64_t least = counted_from(about, array, target); least > 0)
      return report_one_based(about.name, least, target, array.origin, problems);
    if (!target.labels.empty() && !refusal.first_word().empty())
      return refusal.place(report_unknown_labels(about.name, refusal.first_word(), target, problems));
  }
  refusal.place(problems.report(Id::PositionOutside, about.name, so_many(refusal.count(), "value"), of >= 0 ? metadata.dimensions[of].name : "its dimension"));
}

}  // namespace

Arguments::Arguments(const lacuna_metadata& metadata, const Dataset& dataset) {
  for (const Dimension& dimension : dataset.dimensions) {
    dimensions_.push_back({dimension.size, dimension.keys.empty() ? nullptr : dimension.keys.data()});
  }
  strides_.resize(dataset.arguments.size());
  coordinates_.resize(dataset.arguments.size());
  for (std::size_t a = 0; a < dataset.arguments.size(); ++a) {
    const Array& array = dataset.arguments[a];
    lacuna_array made{nullptr, LACUNA_F64, -1, nullptr, nullptr, nullptr, 0, nullptr};
    if (array.given) {
      const bool real = metadata.arguments[a].type.kind == LACUNA_REAL;
      made.data = real ? static_cast<const void*>(array.real.data()) : array.whole.data();
      made.dtype = real ? LACUNA_F64 : LACUNA_I64;
      made.rank = static_cast<std::int32_t>(array.sizes.size());
      made.sizes = array.sizes.data();
      made.present = array.present.empty() ? nullptr : array.present.data();
      std::vector<std::int64_t>& strides = strides_[a];
      strides.assign(array.sizes.size(), 8);
      for (std::size_t k = strides.size(); k-- > 1;) strides[k - 1] = strides[k] * array.sizes[k];
      made.strides = strides.data();
      made.cells = static_cast<std::int64_t>(real ? array.real.size() : array.whole.size());
      for (const auto& axis : array.coordinates) coordinates_[a].push_back(axis.data());
      if (array.sparse) made.coordinates = coordinates_[a].data();
    }
    arrays_.push_back(made);
  }
}

std::optional<BoundModel> BoundModel::bind(const lacuna_model& model, const Dataset& dataset, Problems& problems,
                                           std::uint32_t flags) {
  const Arguments arguments(*model.metadata, dataset);
  lacuna_error error{LACUNA_OK, -1, -1};
  std::int64_t bytes = 0;
  BoundModel made;
  made.model_ = &model;
  int code = model.bind_size(&model, arguments.dimensions(), arguments.arrays(), &bytes, &error);
  if (code == LACUNA_OK) {
    try {
      made.memory_ = AlignedBytes(bytes);
    } catch (const std::bad_alloc&) {
      Diagnostic& report = problems.report(Id::DataTooLarge, static_cast<double>(bytes) * 1e-9);
      if (std::any_of(dataset.arguments.begin(), dataset.arguments.end(), [](const Array& a) { return a.sparse; }))
        report.note("a table in the long form is written out where every draw reads it, as predictions do");
      else
        report.help("a table that is mostly gaps takes memory for its cells only in the long form: "
                    "`--bind 'ARGUMENT[A, B] = VALUE by a, b'`");
      return std::nullopt;
    }
    code =
        model.bind_into(&model, arguments.dimensions(), arguments.arrays(), flags, made.memory_.get(), bytes, &error);
  }
  const lacuna_metadata& about = *model.metadata;
  const std::size_t sites = static_cast<std::size_t>(about.site_count);
  made.dimension_sizes.resize(static_cast<std::size_t>(about.dimension_count));
  for (auto* counts : {&made.site_coordinates, &made.site_values, &made.site_scored, &made.site_left_out})
    counts->resize(sites);
  lacuna_shape shape{made.dimension_sizes.data(),
                     made.site_coordinates.data(),
                     made.site_values.data(),
                     made.site_scored.data(),
                     made.site_left_out.data(),
                     0,
                     0,
                     0,
                     0};
  if (code == LACUNA_OK) code = model.shape(made.memory_.get(), &shape, &error);
  if (code != LACUNA_OK) {
    std::vector<std::int64_t> refused;
    if (is_of_a_cell(about, error)) refused = refused_cells(model, dataset, flags, error, made.memory_.get(), bytes);
    report_error(about, &dataset, error, problems, refused);
    return std::nullopt;
  }
  made.coordinates_ = shape.coordinates;
  made.values_ = shape.values;
  made.parts_ = shape.parts;
  return made;
}

AlignedBytes BoundModel::workspace(lacuna_entry entry, std::int64_t draws) const {
  return AlignedBytes(model_->workspace_size(bound(), entry, draws));
}

void report_one_based(const std::string& argument, std::int64_t least, const Dimension& target, const std::string& path,
                      Problems& problems) {
  problems.report(Id::OneBased, argument)
      .in(path)
      .note(fmt::format("its values go from {} to {}, and `{}` has {} elements", least, target.size, target.name,
                        target.size))
      .help(fmt::format("say so: `--index-base {}=1`", argument));
}

void report_too_few(const lacuna_dimension_info& about, std::int64_t size, Problems& problems) {
  std::string is = size > 0 ? fmt::format("has {}", size) : "is empty";
  if (about.origin == LACUNA_DERIVED && about.rule) is = fmt::format("comes out negative (`{}`)", about.rule);
  const std::string needs = about.least > 1 ? fmt::format("{} elements", about.least) : "an element";
  problems.report(Id::EmptyDimension, about.name, is, needs).program(about.range, "");
}

Diagnostic& report_unknown_labels(const std::string& argument, const std::string& wrong, const Dimension& target,
                                  Problems& problems) {
  Diagnostic& made = problems.report(Id::UnknownLabel, argument, "labels", target.name);
  std::string known;
  for (std::size_t i = 0; i < std::min(target.labels.size(), Diagnostic::kShownRows); ++i)
    known += (i ? ", `" : "`") + target.labels[i] + "`";
  if (target.labels.size() > Diagnostic::kShownRows)
    known += fmt::format(" and {} more", target.labels.size() - Diagnostic::kShownRows);
  made.note(fmt::format("`{}` has {}", target.name, known));
  if (const std::string near = nearest(wrong, target.labels); !near.empty()) made.help(fmt::format("`{}` is near `{}`", near, wrong));
  return made;
}

void report_error(const lacuna_metadata& metadata, const Dataset* dataset, const lacuna_error& error,
                  Problems& problems, const std::vector<std::int64_t>& refused) {
  if (error.code == LACUNA_MISSING || error.code == LACUNA_VALUE || error.code == LACUNA_INDEX) {
    if (error.where >= 0 && error.where < metadata.argument_count) {
      const Refusal refusal(metadata, dataset, error.where, refused.empty() ? std::vector{error.index} : refused);
      const char* const name = metadata.arguments[error.where].name;
      if (error.code == LACUNA_MISSING)
        return refusal.place(problems.report(Id::GapNotAllowed, name, so_many(refusal.count(), "gap") + " that the program reads"));
      if (error.code == LACUNA_VALUE) return refusal.place(problems.report(Id::OutsideType, name, so_many(refusal.count(), "value")));
      return report_outside(metadata, dataset, error.where, refusal, problems);
    }
  }
  switch (error.code) {
    case LACUNA_CHECK: {
      const bool known = error.where >= 0 && error.where < metadata.check_count;
      Diagnostic& made =
          problems.report(Id::ConditionFails, known ? metadata.checks[error.where].message : "a check fails");
      if (known) made.program(metadata.checks[error.where].range, fmt::format("at cell {}", error.index));
      return;
    }
    case LACUNA_OVERLAP: {
      const bool known = error.where >= 0 && error.where < metadata.site_count;
      Diagnostic& made = problems.report(Id::ScoredTwice, known ? metadata.sites[error.where].name : "");
      if (known) made.program(metadata.sites[error.where].range, fmt::format("at cell {}", error.index));
      return;
    }
    case LACUNA_DIMENSION: {
      const bool known = error.where >= 0 && error.where < metadata.dimension_count;
      if (known)
        report_too_few(metadata.dimensions[error.where], 0, problems);
      else
        problems.report(Id::ConditionFails, "the sizes of the dimensions are too large together");
      return;
    }
    default:
      problems.report(Id::ConditionFails, fmt::format("the model refused the data (code {}, {}, {})", error.code,
                                                      error.where, error.index));
  }
}

}  // namespace lacuna::runtime::data
