// Predictions for other people's programs: all memory is taken once, a call takes none.
#include <utility>

#include "runtime/embed/embedding.h"

using namespace lacuna::runtime;

struct lacuna_predictor {
  const lacuna_model* model = nullptr;
  const lacuna_fit* fit = nullptr;
  std::vector<lacuna_dimension> dimensions;
  std::vector<std::vector<uint64_t>> keys;
  std::vector<std::vector<int64_t>> maps;
  std::vector<const int64_t*> map_pointers;
  std::vector<bool> own;  // by dimension: the fit's
  std::vector<lacuna_array> arguments;
  data::AlignedBytes memory, workspace;
  bool bound = false;
  int64_t draws = 0;
  std::vector<int32_t> sites;
  std::vector<int64_t> cells;  // by wanted site
  std::vector<double*> out;    // by site

  void set_dimension(int32_t d, const lacuna_new_data& data);
  int check_new(lacuna_said* said) const;
  void set_arguments(const lacuna_array* given);
  int bind(const lacuna_array* given, lacuna_error* error);
  void measure();
};

// A dimension of the fit keeps its elements and keys; one of the new data has its own.
void lacuna_predictor::set_dimension(int32_t d, const lacuna_new_data& data) {
  const lacuna_dimension& given = data.dimensions[d];
  const auto at = static_cast<std::size_t>(d);
  const lacuna_dimension_info& about = model->metadata->dimensions[d];
  own[at] = fit && given.size < 0;
  dimensions[at] = {given.size, nullptr};
  if (own[at]) {
    const data::Dimension& fitted = fit->dataset.dimensions[at];
    dimensions[at] = {about.origin == LACUNA_GIVEN ? fitted.size : -1, fitted.keys.empty() ? nullptr : fitted.keys.data()};
    maps[at].resize(static_cast<std::size_t>(fit->bound->dimension_sizes[at]));
    for (std::size_t e = 0; e < maps[at].size(); ++e) maps[at][e] = static_cast<int64_t>(e);
  } else if (given.size >= 0) {
    const auto count = static_cast<std::size_t>(given.size);
    const int64_t* map = data.maps ? data.maps[d] : nullptr;
    maps[at] = map ? std::vector<int64_t>(map, map + count) : std::vector<int64_t>(count, -1);
    if (given.keys) {
      keys[at].assign(given.keys, given.keys + count);
      dimensions[at].keys = keys[at].data();
    }
  }
  map_pointers[at] = maps[at].data();
}

// Elements that the fit has not seen are for dimensions that may have them.
int lacuna_predictor::check_new(lacuna_said* said) const {
  for (std::size_t d = 0; fit && d < maps.size(); ++d) {
    const lacuna_dimension_info& about = model->metadata->dimensions[d];
    const auto fresh = std::count_if(maps[d].begin(), maps[d].end(), [&](int64_t e) { return e < 0 || e >= fit->bound->dimension_sizes[d]; });
    const auto wrong = std::count_if(maps[d].begin(), maps[d].end(), [&](int64_t e) { return e < -1 || e >= fit->bound->dimension_sizes[d]; });
    if (wrong > 0) return embed::say(said, LACUNA_INDEX, fmt::format("the map of `{}` leads to elements that the fit has not", about.name));
    if (fresh == 0 || about.kind != LACUNA_CLOSED || about.origin != LACUNA_GIVEN) continue;
    Problems problems;
    problems.report(Id::NewLabels, counted(fresh, "element"), about.name).program(about.range, "");
    return embed::say(said, LACUNA_DIMENSION, embed::words_of(problems, model->metadata));
  }
  return LACUNA_OK;
}

void lacuna_predictor::set_arguments(const lacuna_array* given) {
  constexpr lacuna_array kNothing{nullptr, LACUNA_F64, -1, nullptr, nullptr, nullptr, 0, nullptr};
  for (std::size_t a = 0; a < arguments.size(); ++a) {
    const lacuna_argument_info& about = model->metadata->arguments[a];
    arguments[a] = given && given[a].rank >= 0 ? given[a] : kNothing;
    if (arguments[a].rank >= 0 || !fit) continue;
    bool known = true;
    for (int32_t k = 0; k < about.rank; ++k) known = known && own[static_cast<std::size_t>(about.axes[k])];
    if (known) arguments[a] = fit->arguments->arrays()[a];
  }
}

int lacuna_predictor::bind(const lacuna_array* given, lacuna_error* error) {
  set_arguments(given);
  bound = false;
  const int code = model->bind_into(model, dimensions.data(), arguments.data(), LACUNA_FOR_PREDICTION, memory.get(), memory.size(), error);
  bound = code == LACUNA_OK;
  return code;
}

void lacuna_predictor::measure() {
  std::vector<int64_t> sizes(dimensions.size());
  lacuna_shape shape{};
  shape.dimension_sizes = sizes.data();
  model->shape(memory.get(), &shape, nullptr);
  for (const int32_t s : sites) {
    const lacuna_site_info& about = model->metadata->sites[s];
    int64_t count = 1;
    for (int32_t k = 0; k < about.rank; ++k) count *= sizes[static_cast<std::size_t>(about.axes[k])];
    cells.push_back(count);
  }
}

namespace {

int say_error(const lacuna_model* model, int code, lacuna_error error, lacuna_said* said) {
  error.code = code;
  if (said) model->message(model, &error, said->text, sizeof said->text);
  return code;
}

int make(const lacuna_model* model, const lacuna_fit* fit, const lacuna_new_data* data, const int32_t* sites, int32_t site_count, int64_t draws,
         lacuna_predictor** predictor, lacuna_said* said) {
  if (!model || !data || !predictor || (!sites && site_count > 0)) return embed::say(said, LACUNA_NULL, "a pointer that must be given is null");
  *predictor = nullptr;
  if (!lacuna_is_readable(model) || (fit && fit->model != model))
    return embed::say(said, LACUNA_VERSION, "the model is of another version of the interface, or not that of the fit");
  const lacuna_metadata* about = model->metadata;
  if (!model->predict) return embed::say(said, LACUNA_ABSENT, fmt::format("`{}` cannot be predicted: its table has no entry for it", about->name));
  if ((!data->dimensions && about->dimension_count > 0) || draws < 0) return embed::say(said, LACUNA_ARGUMENT, "there are no dimensions, or fewer than no draws");
  auto made = std::make_unique<lacuna_predictor>();
  made->model = model;
  made->fit = fit;
  made->draws = draws;
  const auto dimensions = static_cast<std::size_t>(about->dimension_count);
  made->dimensions.resize(dimensions);
  made->keys.resize(dimensions);
  made->maps.resize(dimensions);
  made->map_pointers.resize(dimensions);
  made->own.resize(dimensions);
  for (int32_t d = 0; d < about->dimension_count; ++d) made->set_dimension(d, *data);
  if (const int code = made->check_new(said); code != LACUNA_OK) return code;
  made->arguments.resize(static_cast<std::size_t>(about->argument_count));
  made->out.resize(static_cast<std::size_t>(about->site_count));
  for (int32_t i = 0; i < site_count; ++i) {
    if (sites[i] < 0 || sites[i] >= about->site_count) return embed::say(said, LACUNA_ARGUMENT, fmt::format("the model has no site {}", sites[i]));
    made->sites.push_back(sites[i]);
  }
  lacuna_error error{LACUNA_OK, -1, -1};
  int64_t bytes = 0;
  made->set_arguments(data->arguments);
  for (lacuna_array& each : made->arguments) each.strides = nullptr;  // later arrays may lie otherwise
  int code = model->bind_size(model, made->dimensions.data(), made->arguments.data(), &bytes, &error);
  if (code == LACUNA_OK) {
    made->memory = data::AlignedBytes(bytes);
    code = made->bind(data->arguments, &error);
  }
  if (code != LACUNA_OK) return say_error(model, code, error, said);
  made->measure();
  made->workspace = data::AlignedBytes(model->workspace_size(made->memory.get(), LACUNA_ENTRY_PREDICT, std::max<int64_t>(draws, 1)));
  *predictor = made.release();
  return LACUNA_OK;
}

int fail(lacuna_error* error, int32_t code, int32_t where) {
  if (error) *error = {code, where, -1};
  return code;
}

}  // namespace

extern "C" {

int lacuna_predictor_make(const lacuna_model* model, const lacuna_fit* fit, const lacuna_new_data* data, const int32_t* sites, int32_t site_count,
                          int64_t draws, lacuna_predictor** predictor, lacuna_said* said) {
  return embed::guarded(said, [&] { return make(model, fit, data, sites, site_count, draws, predictor, said); });
}

void lacuna_predictor_free(lacuna_predictor* predictor) { delete predictor; }

int lacuna_predictor_bind(lacuna_predictor* predictor, const lacuna_array* arguments, lacuna_error* error) {
  return predictor ? predictor->bind(arguments, error) : fail(error, LACUNA_NULL, -1);
}

int64_t lacuna_predictor_cells(const lacuna_predictor* predictor, int32_t site) {
  for (std::size_t i = 0; predictor && i < predictor->sites.size(); ++i) {
    if (predictor->sites[i] == site) return predictor->cells[i];
  }
  return -1;
}

int lacuna_predictor_run(lacuna_predictor* predictor, int64_t first, int64_t count, uint64_t seed, double* const* out, lacuna_error* error) {
  if (!predictor || !out) return fail(error, LACUNA_NULL, -1);
  lacuna_predictor& p = *predictor;
  const int64_t known = p.fit ? p.fit->fit.draws : first + count;
  if (!p.bound || first < 0 || count < 0 || count > p.draws || first + count > known) return fail(error, LACUNA_ARGUMENT, -1);
  for (std::size_t i = 0; i < p.sites.size(); ++i) p.out[static_cast<std::size_t>(p.sites[i])] = out[i];
  lacuna_prediction request{};
  request.struct_size = sizeof request;
  request.flags = LACUNA_MISSING_NAN;
  request.training = p.fit ? p.fit->bound->bound() : nullptr;
  request.target = p.memory.get();
  request.maps = p.fit ? p.map_pointers.data() : nullptr;
  request.draws = p.fit ? p.fit->fit.values.data() : nullptr;
  request.stride = p.fit ? p.fit->fit.draws : 0;
  request.first = first;
  request.count = count;
  request.seed = seed;
  request.out = p.out.data();
  return p.model->predict(&request, p.workspace.get(), error);
}

}  // extern "C"
