/* log_density, its gradient, its Hessian's products, and the versions for several draws. */
#include <string.h>

#include "compiler/entries/view.h"

/* The function for the flags: the one without Jacobians stands behind the one with them. */
static int32_t measured(int32_t function, uint32_t flags) { return function + ((flags & LACUNA_JACOBIAN) ? 0 : 1); }

static int check_flags(uint32_t flags, lacuna_error* error) {
  const uint32_t known = LACUNA_JACOBIAN | LACUNA_NORMALISED | LACUNA_GRADIENT;
  return flags & ~known ? lacuna_fail(error, LACUNA_ARGUMENT, -1, -1) : LACUNA_OK;
}

/* A workspace must be there when the function needs one. */
static int check_workspace(const lacuna_view* view, lacuna_compiled code, const void* workspace, lacuna_error* error) {
  if (workspace && lacuna_aligned(workspace)) return LACUNA_OK;
  const int64_t needed = code.work ? code.work(view->base) : 0;
  return needed > 0 || workspace ? lacuna_fail(error, LACUNA_WORKSPACE, -1, needed) : LACUNA_OK;
}

static int run_one(const void* bound, uint32_t flags, int32_t function, lacuna_frame* frame, lacuna_error* error) {
  lacuna_view view;
  int code = lacuna_open_training(bound, &view, error);
  if (code != LACUNA_OK) return code;
  if (!frame->results) return lacuna_fail(error, LACUNA_NULL, -1, -1);
  if (!frame->point && lacuna_polynomial(&view, view.owner->coordinates) > 0)
    return lacuna_fail(error, LACUNA_NULL, -1, -1);
  if ((code = check_flags(flags, error)) != LACUNA_OK) return code;
  const lacuna_compiled compiled = lacuna_code_of(view.owner, measured(function, flags), 0);
  if (!compiled.run) return lacuna_fail(error, LACUNA_ABSENT, -1, -1);
  if ((code = check_workspace(&view, compiled, frame->work, error)) != LACUNA_OK) return code;
  frame->bound = view.base;
  return compiled.run(frame) == 0 ? LACUNA_OK : lacuna_fail(error, LACUNA_CHECK, -1, -1);
}

int lacuna_log_density(const void* bound, const double* point, uint32_t flags, void* workspace, double* value,
                       lacuna_error* error) {
  lacuna_frame frame = {0};
  frame.point = point;
  frame.work = workspace;
  frame.results = value;
  return run_one(bound, flags, LACUNA_LOG_DENSITY_FUNCTION, &frame, error);
}

int lacuna_log_density_gradient(const void* bound, const double* point, uint32_t flags, void* workspace, double* value,
                                double* gradient, lacuna_error* error) {
  if (!gradient) return lacuna_fail(error, LACUNA_NULL, -1, -1);
  lacuna_frame frame = {0};
  frame.point = point;
  frame.gradient = gradient;
  frame.work = workspace;
  frame.results = value;
  return run_one(bound, flags, LACUNA_GRADIENT_FUNCTION, &frame, error);
}

int lacuna_log_density_hvp(const void* bound, const double* point, const double* direction, uint32_t flags,
                           void* workspace, double* value, double* gradient, double* product, lacuna_error* error) {
  if (!gradient || !direction || !product) return lacuna_fail(error, LACUNA_NULL, -1, -1);
  lacuna_frame frame = {0};
  frame.point = point;
  frame.gradient = gradient;
  frame.direction = direction;
  frame.product = product;
  frame.work = workspace;
  frame.results = value;
  return run_one(bound, flags, LACUNA_HVP_FUNCTION, &frame, error);
}

/* Eight draws at a time, packed next to each other; a block that is not full repeats its first draw. */
static void pack(const double* points, int64_t stride, int64_t live, int64_t coordinates, double* packed) {
  for (int64_t k = 0; k < coordinates; ++k)
    for (int64_t d = 0; d < LACUNA_BLOCK_DRAWS; ++d)
      packed[k * LACUNA_BLOCK_DRAWS + d] = points[k * stride + (d < live ? d : 0)];
}

static int run_block(const void* bound, int64_t draws, int64_t stride, const double* points, uint32_t flags,
                     int32_t function, void* workspace, double* values, double* gradients, lacuna_error* error) {
  lacuna_view view;
  int code = lacuna_open_training(bound, &view, error);
  if (code != LACUNA_OK) return code;
  if (draws < 0 || stride < draws) return lacuna_fail(error, LACUNA_ARGUMENT, -1, -1);
  if (!values) return lacuna_fail(error, LACUNA_NULL, -1, -1);
  const int64_t coordinates = lacuna_polynomial(&view, view.owner->coordinates);
  if (!points && coordinates > 0) return lacuna_fail(error, LACUNA_NULL, -1, -1);
  if ((code = check_flags(flags, error)) != LACUNA_OK) return code;
  function = measured(function, flags);
  const lacuna_compiled compiled = lacuna_code_of(view.owner, function, 1);
  if (!compiled.run) return lacuna_fail(error, LACUNA_ABSENT, -1, -1);
  if (!workspace || !lacuna_aligned(workspace)) return lacuna_fail(error, LACUNA_WORKSPACE, -1, -1);
  const int64_t vector = lacuna_rounded(coordinates * 8 * LACUNA_BLOCK_DRAWS);
  char* rest = (char*)workspace + lacuna_rounded(compiled.work(view.base));
  double* results = (double*)(void*)rest;
  rest += lacuna_rounded((int64_t)view.owner->functions[function].results * 8 * LACUNA_BLOCK_DRAWS);
  double* packed = (double*)(void*)rest;
  double* slopes = (double*)(void*)(rest + vector);
  for (int64_t first = 0; first < draws; first += LACUNA_BLOCK_DRAWS) {
    const int64_t live = draws - first < LACUNA_BLOCK_DRAWS ? draws - first : LACUNA_BLOCK_DRAWS;
    pack(points + first, stride, live, coordinates, packed);
    lacuna_frame frame = {0};
    frame.bound = view.base;
    frame.point = packed;
    frame.gradient = slopes;
    frame.work = workspace;
    frame.results = results;
    if (compiled.run(&frame) != 0) return lacuna_fail(error, LACUNA_CHECK, -1, -1);
    memcpy(values + first, results, (size_t)live * 8);
    for (int64_t k = 0; gradients && k < coordinates; ++k)
      memcpy(gradients + k * stride + first, slopes + k * LACUNA_BLOCK_DRAWS, (size_t)live * 8);
  }
  return LACUNA_OK;
}

int lacuna_log_density_block(const void* bound, int64_t draws, int64_t stride, const double* points, uint32_t flags,
                             void* workspace, double* values, lacuna_error* error) {
  return run_block(bound, draws, stride, points, flags, LACUNA_LOG_DENSITY_FUNCTION, workspace, values, 0, error);
}

int lacuna_log_density_gradient_block(const void* bound, int64_t draws, int64_t stride, const double* points,
                                      uint32_t flags, void* workspace, double* values, double* gradients,
                                      lacuna_error* error) {
  if (!gradients) return lacuna_fail(error, LACUNA_NULL, -1, -1);
  return run_block(bound, draws, stride, points, flags, LACUNA_GRADIENT_FUNCTION, workspace, values, gradients, error);
}
