// Fits for other people's programs.
#include "runtime/data/labels.h"
#include "runtime/embed/embedding.h"

namespace lacuna::runtime::embed {
namespace {

bool known(const lacuna_fit* fit, int32_t dimension) { return fit && dimension >= 0 && dimension < fit->model->metadata->dimension_count; }

std::string text_of(const io::Fit& fit, const char* name) {
  const auto found = fit.texts.find(name);
  return found == fit.texts.end() ? std::string() : found->second;
}

int open(const lacuna_model* model, const char* path, lacuna_fit** fit, lacuna_said* said) {
  if (!model || !path || !fit) return say(said, LACUNA_NULL, "a pointer that must be given is null");
  *fit = nullptr;
  Problems problems;
  if (!lacuna_is_readable(model)) {
    problems.report(Id::OtherInterface, model->version, LACUNA_ABI_VERSION);
    return say(said, LACUNA_VERSION, words_of(problems, nullptr));
  }
  const lacuna_metadata* about = model->metadata;
  std::optional<io::Fit> read = io::read_lfit(path, problems);
  if (!read) return say(said, LACUNA_SAID, words_of(problems, about));
  if (text_of(*read, "source_hash") != about->source_hash || text_of(*read, "model") != about->name) {
    problems.report(Id::OtherModel, std::string(path), about->name)
        .help("compile the program that the fit was made with, to the letter: the fit holds its text");
    return say(said, LACUNA_VERSION, words_of(problems, about));
  }
  auto made = std::make_unique<lacuna_fit>();
  made->model = model;
  made->fit = std::move(*read);
  made->dataset = made->fit.dataset(*about);
  made->arguments.emplace(*about, made->dataset);
  made->bound = data::BoundModel::bind(*model, made->dataset, problems);
  if (!made->bound) return say(said, LACUNA_SAID, words_of(problems, about));
  if (made->bound->values() * made->fit.draws != static_cast<std::int64_t>(made->fit.values.size())) {
    problems.report(Id::DamagedFit, std::string(path), "its draws are not those of the model's latents");
    return say(said, LACUNA_SAID, words_of(problems, about));
  }
  *fit = made.release();
  return LACUNA_OK;
}

}  // namespace
}  // namespace lacuna::runtime::embed

using namespace lacuna::runtime;

extern "C" {

int lacuna_fit_open(const lacuna_model* model, const char* path, lacuna_fit** fit, lacuna_said* said) {
  return embed::guarded(said, [&] { return embed::open(model, path, fit, said); });
}

void lacuna_fit_close(lacuna_fit* fit) { delete fit; }

int64_t lacuna_fit_draw_count(const lacuna_fit* fit) { return fit ? fit->fit.draws : 0; }

const double* lacuna_fit_draws(const lacuna_fit* fit) { return fit ? fit->fit.values.data() : nullptr; }

const void* lacuna_fit_bound(const lacuna_fit* fit) { return fit ? fit->bound->bound() : nullptr; }

int64_t lacuna_fit_size(const lacuna_fit* fit, int32_t dimension) {
  return embed::known(fit, dimension) ? fit->bound->dimension_sizes[static_cast<std::size_t>(dimension)] : -1;
}

const char* lacuna_fit_label(const lacuna_fit* fit, int32_t dimension, int64_t element) {
  if (!embed::known(fit, dimension)) return nullptr;
  const std::vector<std::string>& labels = fit->dataset.dimensions[static_cast<std::size_t>(dimension)].labels;
  return element >= 0 && element < static_cast<int64_t>(labels.size()) ? labels[static_cast<std::size_t>(element)].c_str() : nullptr;
}

int64_t lacuna_fit_element(const lacuna_fit* fit, int32_t dimension, const char* label) {
  if (!embed::known(fit, dimension) || !label) return -1;
  const std::vector<std::string>& labels = fit->dataset.dimensions[static_cast<std::size_t>(dimension)].labels;
  const auto found = std::find(labels.begin(), labels.end(), label);
  return found == labels.end() ? -1 : found - labels.begin();
}

uint64_t lacuna_label_key(const char* label) { return label ? data::label_key(label) : 0; }

}  // extern "C"
