/* The table of a model, for the functions that it has. Objects have theirs as a constant, made the same way. */
#include "compiler/entries/view.h"

void lacuna_set_entries(const lacuna_descriptor* descriptor, lacuna_model* table) {
  const lacuna_function_info* has = descriptor->functions;
  table->struct_size = sizeof *table;
  table->version = LACUNA_ABI_VERSION;
  table->metadata = descriptor->metadata;
  table->context = (void*)(uintptr_t)descriptor;
  table->bind_size = lacuna_bind_size;
  table->bind_into = lacuna_bind_into;
  table->shape = lacuna_shape_of;
  table->cells = lacuna_cells_of;
  table->workspace_size = lacuna_workspace_size;
  if (has[LACUNA_LOG_DENSITY_FUNCTION].results >= 0) {
    table->log_density = lacuna_log_density;
    if (has[LACUNA_LOG_DENSITY_FUNCTION].block) table->log_density_block = lacuna_log_density_block;
  }
  if (has[LACUNA_GRADIENT_FUNCTION].results >= 0) {
    table->log_density_gradient = lacuna_log_density_gradient;
    if (has[LACUNA_GRADIENT_FUNCTION].block) table->log_density_gradient_block = lacuna_log_density_gradient_block;
  }
  if (has[LACUNA_HVP_FUNCTION].results >= 0) {
    table->log_density_hvp = lacuna_log_density_hvp;
    if (has[LACUNA_HVP_FUNCTION].block) table->log_density_hvp_block = lacuna_log_density_hvp_block;
  }
  if (has[LACUNA_TERMS_FUNCTION].results >= 0) table->terms = lacuna_terms;
  if (has[LACUNA_CONSTRAIN_FUNCTION].results >= 0) table->constrain = lacuna_constrain;
  if (has[LACUNA_POINTWISE_FUNCTION].results >= 0) table->pointwise = lacuna_pointwise;
}
