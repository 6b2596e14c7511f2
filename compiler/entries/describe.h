// The descriptor of a module: what the entries' C code needs to know of it, as constant tables.
//
//   needs    a module whose inputs and sites are named as the metadata's, with the functions that `functions` names
//   leaves   tables that this object owns; without code, which the JIT resolves and aot writes
//   shown by test/unit/jit/gallery_test.cpp
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/codegen/layout.h"
#include "compiler/entries/descriptor.h"
#include "compiler/ir/module.h"

namespace lacuna::entries {

// The module's function behind each of enum lacuna_function:
//   log_density, log_density_gradient, log_density_hvp, terms  with log-Jacobians, or without where the frame says so
//   constrain, pointwise, unconstrain, natural_density, natural_density_gradient, natural_terms, natural_pointwise
//                                  as density/density.h says
//   log_density_rows_gradient, log_density_rest_gradient  as transform/split_rows.h says
const char* function_name(int function);

// Whether a function is one that `predict` calls (density/prediction_writer.h).
inline bool is_prediction(std::string_view name) { return name.starts_with("predict.") || name.starts_with("likelihood."); }

class Description {
 public:
  Description(const ir::Module& module, const codegen::Layout& layout, const lacuna_metadata& metadata);
  Description(const Description&) = delete;
  Description& operator=(const Description&) = delete;

  const lacuna_descriptor& get() const { return descriptor_; }
  lacuna_descriptor& get() { return descriptor_; }
  // The functions of stage data, in order.
  // Whether the model lists cells, has gaps or keeps values of the training data for predictions; else entries do without.
  bool has_lists() const;
  // Whether some prediction can be run through stretches of rows.
  bool has_windows() const;
  const std::vector<std::string>& bindings() const { return bindings_; }
  // For each site of the metadata the functions that draw it and give its log likelihood; empty: the model has none.
  const std::vector<std::string>& predictions() const { return predictions_; }

  const std::vector<int32_t>& numbers() const { return numbers_; }
  const std::vector<lacuna_size_term>& terms() const { return terms_; }

 private:
  int argument_of(ir::BufferId input) const;
  lacuna_span dims(const std::vector<ir::DimId>& each);
  lacuna_span polynomial(const ir::SizeExpr& size);
  void add_dims();
  void add_buffers();
  lacuna_buffer& buffer_at(ir::BufferId id);
  bool is_frozen(const ir::Buffer& buffer) const;
  std::vector<ir::DimId> values_axes(const ir::Buffer& coordinates, const lacuna_site_info& info) const;
  void add_sites();
  void add_functions();
  // describe_prediction.cpp
  void add_predictions();
  void describe_prediction(lacuna_predicted& made, int which, const ir::Function& function);
  void add_row_loops();

  const ir::Module& module_;
  const codegen::Layout& layout_;
  const lacuna_metadata& metadata_;
  std::vector<int32_t> numbers_, dimensions_;
  std::vector<lacuna_size_term> terms_;
  std::vector<lacuna_dim> dims_;
  std::vector<lacuna_buffer> buffers_;
  std::vector<lacuna_space> spaces_;
  std::vector<lacuna_site> sites_;
  std::vector<lacuna_check> checks_;
  std::vector<lacuna_row_loop> row_loops_;
  std::array<lacuna_function_info, LACUNA_FUNCTION_COUNT> functions_{};
  std::vector<std::string> bindings_;
  std::vector<std::string> predictions_;
  std::vector<lacuna_predicted> predicted_;
  std::vector<lacuna_frozen> frozen_;
  std::vector<lacuna_function_info> prediction_code_;
  lacuna_descriptor descriptor_{};
};

}  // namespace lacuna::entries
