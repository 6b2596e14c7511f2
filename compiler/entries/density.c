/* log_density, its gradient, its Hessian's products, and the versions for several draws. */
#include <string.h>

#include "compiler/entries/view.h"

/* The function for the flags: the one without Jacobians stands behind the one with them. Natural values have none. */
static int32_t measured(int32_t function, uint32_t flags) {
  return function + (function < LACUNA_TERMS_FUNCTION && !(flags & LACUNA_JACOBIAN) ? 1 : 0);
}

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
  const int64_t parts = function < LACUNA_HVP_FUNCTION ? lacuna_parts(&view) : 1;
  if (parts > 1) {
    const uint32_t wanted = (flags & ~(uint32_t)LACUNA_GRADIENT) | (frame->gradient ? LACUNA_GRADIENT : 0);
    return lacuna_run_all_parts(&view, frame->point, wanted, parts, frame->work, (double*)frame->results,
                                frame->gradient, error);
  }
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

int lacuna_natural_density(const void* bound, const double* values, uint32_t flags, void* workspace, double* value,
                           double* gradient, lacuna_error* error) {
  lacuna_frame frame = {0};
  frame.point = values;
  frame.gradient = gradient;
  frame.work = workspace;
  frame.results = value;
  return run_one(bound, flags, gradient ? LACUNA_NATURAL_GRADIENT_FUNCTION : LACUNA_NATURAL_FUNCTION, &frame, error);
}

/* What a block version reads and writes, [coordinate][draw] with one stride; null: not asked for. */
typedef struct vectors {
  const double *points, *directions;
  double *values, *gradients, *products;
} vectors;

/* Eight draws at a time, packed next to each other; a block that is not full repeats its first draw. */
static void pack(const double* from, int64_t stride, int64_t live, int64_t coordinates, double* packed) {
  for (int64_t k = 0; k < coordinates; ++k)
    for (int64_t d = 0; d < LACUNA_BLOCK_DRAWS; ++d)
      packed[k * LACUNA_BLOCK_DRAWS + d] = from[k * stride + (d < live ? d : 0)];
}

static void unpack(const double* packed, int64_t stride, int64_t live, int64_t coordinates, double* to) {
  for (int64_t k = 0; k < coordinates; ++k) memcpy(to + k * stride, packed + k * LACUNA_BLOCK_DRAWS, (size_t)live * 8);
}

/* A frame whose vectors stand behind the function's own workspace: results, then four vectors of eight draws. */
typedef struct block {
  lacuna_frame frame;
  double *points, *directions;
} block;

static block open_block(const lacuna_view* view, lacuna_compiled code, int32_t results, int64_t coordinates,
                        void* workspace) {
  const int64_t vector = lacuna_rounded(coordinates * 8 * LACUNA_BLOCK_DRAWS) / 8;
  char* rest = (char*)workspace + lacuna_rounded(code.work(view->base));
  block made = {{0}, 0, 0};
  made.frame.bound = view->base;
  made.frame.work = workspace;
  made.frame.results = rest;
  rest += lacuna_rounded((int64_t)results * 8 * LACUNA_BLOCK_DRAWS);
  made.points = (double*)(void*)rest;
  made.directions = made.points + vector;
  made.frame.point = made.points;
  made.frame.direction = made.directions;
  made.frame.gradient = made.points + 2 * vector;
  made.frame.product = made.points + 3 * vector;
  return made;
}

static int run_block(const void* bound, int64_t draws, int64_t stride, const vectors* given, uint32_t flags,
                     int32_t function, void* workspace, lacuna_error* error) {
  lacuna_view view;
  int code = lacuna_open_training(bound, &view, error);
  if (code != LACUNA_OK) return code;
  if (draws < 0 || stride < draws) return lacuna_fail(error, LACUNA_ARGUMENT, -1, -1);
  if (!given->values) return lacuna_fail(error, LACUNA_NULL, -1, -1);
  const int64_t coordinates = lacuna_polynomial(&view, view.owner->coordinates);
  if (!given->points && coordinates > 0) return lacuna_fail(error, LACUNA_NULL, -1, -1);
  if ((code = check_flags(flags, error)) != LACUNA_OK) return code;
  function = measured(function, flags);
  const lacuna_compiled compiled = lacuna_code_of(view.owner, function, 1);
  if (!compiled.run) return lacuna_fail(error, LACUNA_ABSENT, -1, -1);
  if (!workspace || !lacuna_aligned(workspace)) return lacuna_fail(error, LACUNA_WORKSPACE, -1, -1);
  const block made = open_block(&view, compiled, view.owner->functions[function].results, coordinates, workspace);
  const lacuna_frame* frame = &made.frame;
  for (int64_t first = 0; first < draws; first += LACUNA_BLOCK_DRAWS) {
    const int64_t live = draws - first < LACUNA_BLOCK_DRAWS ? draws - first : LACUNA_BLOCK_DRAWS;
    pack(given->points + first, stride, live, coordinates, made.points);
    if (given->directions) pack(given->directions + first, stride, live, coordinates, made.directions);
    if (compiled.run(frame) != 0) return lacuna_fail(error, LACUNA_CHECK, -1, -1);
    memcpy(given->values + first, frame->results, (size_t)live * 8);
    if (given->gradients) unpack(frame->gradient, stride, live, coordinates, given->gradients + first);
    if (given->products) unpack(frame->product, stride, live, coordinates, given->products + first);
  }
  return LACUNA_OK;
}

int lacuna_log_density_block(const void* bound, int64_t draws, int64_t stride, const double* points, uint32_t flags,
                             void* workspace, double* values, lacuna_error* error) {
  const vectors given = {points, 0, values, 0, 0};
  return run_block(bound, draws, stride, &given, flags, LACUNA_LOG_DENSITY_FUNCTION, workspace, error);
}

int lacuna_log_density_gradient_block(const void* bound, int64_t draws, int64_t stride, const double* points,
                                      uint32_t flags, void* workspace, double* values, double* gradients,
                                      lacuna_error* error) {
  if (!gradients) return lacuna_fail(error, LACUNA_NULL, -1, -1);
  const vectors given = {points, 0, values, gradients, 0};
  return run_block(bound, draws, stride, &given, flags, LACUNA_GRADIENT_FUNCTION, workspace, error);
}

int lacuna_log_density_hvp_block(const void* bound, int64_t draws, int64_t stride, const double* points,
                                 const double* directions, uint32_t flags, void* workspace, double* values,
                                 double* gradients, double* products, lacuna_error* error) {
  if (!directions || !gradients || !products) return lacuna_fail(error, LACUNA_NULL, -1, -1);
  const vectors given = {points, directions, values, gradients, products};
  return run_block(bound, draws, stride, &given, flags, LACUNA_HVP_FUNCTION, workspace, error);
}
