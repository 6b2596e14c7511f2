// The library for programs in C++17: what lacuna/lacuna.h and lacuna/model.h offer, with memory that frees itself.
//
//   needs    a compiled model; liblacuna for fits and predictors, nothing to link for Bound
//   leaves   objects that may be moved; errors as exceptions, thrown by this header and never by the library
//   shown by examples/embed_cpp/
#pragma once
#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "lacuna/lacuna.h"

namespace lacuna {

// What a function of the library or of a model's table refused; `code` is one of enum lacuna_code, or LACUNA_SAID.
class Error : public std::runtime_error {
 public:
  Error(int code, const std::string& words) : std::runtime_error(words), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};

// Throws unless a code says that all went well.
inline void check(const lacuna_model& model, int code, lacuna_error error) {
  if (code == LACUNA_OK) return;
  error.code = code;
  std::string words(static_cast<std::size_t>(model.message(&model, &error, nullptr, 0)), '\0');
  model.message(&model, &error, words.data(), static_cast<int64_t>(words.size()) + 1);
  throw Error(code, words);
}

// Memory that begins at a multiple of 64 bytes, as bound models and workspaces must.
class Memory {
 public:
  explicit Memory(int64_t bytes) : memory_(bytes > 0 ? ::operator new(static_cast<std::size_t>(bytes), std::align_val_t{LACUNA_ALIGNMENT}) : nullptr) {}
  void* get() const { return memory_.get(); }

 private:
  struct Free {
    void operator()(void* memory) const { ::operator delete(memory, std::align_val_t{LACUNA_ALIGNMENT}); }
  };
  std::unique_ptr<void, Free> memory_;
};

// A model bound to data in memory: `arrays` is what a model's header fills (NAME_fill).
class Bound {
 public:
  template <class Arrays>
  Bound(const lacuna_model& model, const Arrays& arrays) : Bound(model, arrays.dimensions, arrays.arguments) {}
  Bound(const lacuna_model& model, const lacuna_dimension* dimensions, const lacuna_array* arguments) : model_(&model), memory_(0) {
    if (!lacuna_is_readable(&model)) throw Error(LACUNA_VERSION, "the model is of another version of the interface");
    lacuna_error error{};
    int64_t bytes = 0;
    check(model, model.bind_size(&model, dimensions, arguments, &bytes, &error), error);
    memory_ = Memory(bytes);
    check(model, model.bind_into(&model, dimensions, arguments, 0, memory_.get(), bytes, &error), error);
    lacuna_shape shape{};
    check(model, model.shape(memory_.get(), &shape, &error), error);
    coordinates_ = shape.coordinates;
    values_ = shape.values;
  }

  const lacuna_model& model() const { return *model_; }
  const void* get() const { return memory_.get(); }
  int64_t coordinates() const { return coordinates_; }
  int64_t values() const { return values_; }
  // For one thread's calls of an entry.
  Memory workspace(lacuna_entry entry, int64_t draws = 1) const { return Memory(model_->workspace_size(get(), entry, draws)); }

  // The log density that inference uses, and its gradient; `workspace` is that of LACUNA_ENTRY_LOG_DENSITY_GRADIENT.
  double log_density_gradient(const std::vector<double>& point, std::vector<double>& gradient, const Memory& workspace) const {
    lacuna_error error{};
    double value = 0;
    gradient.resize(point.size());
    check(*model_, model_->log_density_gradient(get(), point.data(), LACUNA_JACOBIAN | LACUNA_NORMALISED, workspace.get(), &value, gradient.data(), &error), error);
    return value;
  }

 private:
  const lacuna_model* model_;
  Memory memory_;
  int64_t coordinates_ = 0, values_ = 0;
};

// An opened fit.
class Fit {
 public:
  Fit(const lacuna_model& model, const std::string& path) : model_(&model) {
    lacuna_fit* made = nullptr;
    lacuna_said said{};
    const int code = lacuna_fit_open(&model, path.c_str(), &made, &said);
    if (code != LACUNA_OK) throw Error(code, said.text);
    fit_.reset(made);
  }
  const lacuna_model& model() const { return *model_; }
  const lacuna_fit* get() const { return fit_.get(); }
  int64_t draws() const { return lacuna_fit_draw_count(get()); }
  int64_t size(int32_t dimension) const { return lacuna_fit_size(get(), dimension); }
  // -1 for a label that the fit has not.
  int64_t element(int32_t dimension, const std::string& label) const { return lacuna_fit_element(get(), dimension, label.c_str()); }

 private:
  struct Close {
    void operator()(lacuna_fit* fit) const { lacuna_fit_close(fit); }
  };
  const lacuna_model* model_;
  std::unique_ptr<lacuna_fit, Close> fit_;
};

// Predictions for new data of fixed sizes. `arrays` is what a model's header fills; a dimension of size -1 is the fit's own.
class Predictor {
 public:
  template <class Arrays>
  Predictor(const Fit& fit, const Arrays& arrays, std::vector<int32_t> sites, int64_t draws, const int64_t* const* maps = nullptr) : model_(&fit.model()), sites_(std::move(sites)) {
    const lacuna_new_data data{arrays.dimensions, maps, arrays.arguments};
    lacuna_predictor* made = nullptr;
    lacuna_said said{};
    const int code = lacuna_predictor_make(model_, fit.get(), &data, sites_.data(), static_cast<int32_t>(sites_.size()), draws, &made, &said);
    if (code != LACUNA_OK) throw Error(code, said.text);
    predictor_.reset(made);
  }
  // Other values of the same sizes.
  template <class Arrays>
  void bind(const Arrays& arrays) {
    lacuna_error error{};
    check(*model_, lacuna_predictor_bind(predictor_.get(), arrays.arguments, &error), error);
  }
  int64_t cells(int32_t site) const { return lacuna_predictor_cells(predictor_.get(), site); }
  // Into out[i] for the i-th wanted site: [draw][cell].
  void run(int64_t first, int64_t count, uint64_t seed, double* const* out) {
    lacuna_error error{};
    check(*model_, lacuna_predictor_run(predictor_.get(), first, count, seed, out, &error), error);
  }

 private:
  struct Free {
    void operator()(lacuna_predictor* predictor) const { lacuna_predictor_free(predictor); }
  };
  const lacuna_model* model_;
  std::vector<int32_t> sites_;
  std::unique_ptr<lacuna_predictor, Free> predictor_;
};

}  // namespace lacuna
