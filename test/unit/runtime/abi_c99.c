/* The interface as a C99 program sees it: a table is called through its pointers, and errors come back as codes. */
#include <stddef.h>

#include "lacuna/model.h"

double lacuna_test_density_from_c(const lacuna_model *model, const double *y, const double *sigma, int64_t schools,
                                  const double *point, void *memory, int64_t bytes, int *code);

double lacuna_test_density_from_c(const lacuna_model *model, const double *y, const double *sigma, int64_t schools,
                                  const double *point, void *memory, int64_t bytes, int *code) {
  const int64_t stride = (int64_t)sizeof(double);
  lacuna_dimension dimension = {0, NULL};
  lacuna_array arguments[2] = {{NULL, LACUNA_F64, 1, NULL, NULL, NULL, 0, NULL}, {NULL, LACUNA_F64, 1, NULL, NULL, NULL, 0, NULL}};
  lacuna_error error = {0, -1, -1};
  double value = 0;
  int64_t needed = 0;
  int a;
  dimension.size = schools;
  arguments[0].data = y;
  arguments[1].data = sigma;
  for (a = 0; a < 2; ++a) {
    arguments[a].sizes = &schools;
    arguments[a].strides = &stride;
  }
  *code = LACUNA_VERSION;
  if (model->version != LACUNA_ABI_VERSION || model->struct_size < sizeof(lacuna_model)) return 0;
  *code = model->bind_size(model, &dimension, arguments, &needed, &error);
  if (*code == LACUNA_OK) *code = model->bind_into(model, &dimension, arguments, 0, memory, bytes, &error);
  if (*code == LACUNA_OK) {
    *code = model->log_density(memory, point, LACUNA_JACOBIAN | LACUNA_NORMALISED, NULL, &value, &error);
  }
  return value;
}
