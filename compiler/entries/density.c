/* log_density, its gradient, its Hessian's products, and the versions for several draws. */
#include <string.h>

#include "compiler/entries/view.h"

LACUNA_SMALL_CODE

static int check_flags(uint32_t flags, lacuna_error* error) {
  const uint32_t known = LACUNA_JACOBIAN | LACUNA_NORMALISED | LACUNA_GRADIENT;
  return flags & ~known ? lacuna_refuse(error, LACUNA_ARGUMENT) : LACUNA_OK;
}

/* A workspace must be there when the function needs one. */
static int check_workspace(const lacuna_view* view, lacuna_compiled code, const void* workspace, lacuna_error* error) {
  if (workspace && lacuna_aligned(workspace)) return LACUNA_OK;
  const int64_t needed = code.work ? code.work(view->base) : 0;
  return needed > 0 || workspace ? lacuna_fail(error, LACUNA_WORKSPACE, -1, needed) : LACUNA_OK;
}

/* Whether a vector is missing that a function writes or reads; one without elements may be null. */
static int lacks_vector(const lacuna_view* view, const lacuna_frame* frame, int32_t function) {
  const int product = function == LACUNA_HVP_FUNCTION, slopes = product || function == LACUNA_GRADIENT_FUNCTION;
  const int all = frame->point && (frame->gradient || !slopes) && ((frame->direction && frame->product) || !product);
  return !all && lacuna_polynomial(view, view->owner->coordinates) > 0;
}

static int run_one(const void* bound, uint32_t flags, int32_t function, lacuna_frame* frame, lacuna_error* error) {
  lacuna_view view;
  int code = lacuna_open_training(bound, &view, error);
  if (code != LACUNA_OK) return code;
  if (!frame->results) return lacuna_refuse(error, LACUNA_NULL);
  if (lacks_vector(&view, frame, function)) return lacuna_refuse(error, LACUNA_NULL);
  if ((code = check_flags(flags, error)) != LACUNA_OK) return code;
  const int64_t parts = function < LACUNA_HVP_FUNCTION ? lacuna_parts(&view) : 1;
  if (parts > 1) {
    const uint32_t wanted = (flags & ~(uint32_t)LACUNA_GRADIENT) | (frame->gradient ? LACUNA_GRADIENT : 0);
    return lacuna_run_all_parts(&view, frame->point, wanted, parts, frame->work, (double*)frame->results,
                                frame->gradient, error);
  }
  const lacuna_compiled compiled = lacuna_code_of(view.owner, function, 0);
  if (!compiled.run) return lacuna_refuse(error, LACUNA_ABSENT);
  if ((code = check_workspace(&view, compiled, frame->work, error)) != LACUNA_OK) return code;
  frame->bound = view.base;
  frame->without_jacobian = !(flags & LACUNA_JACOBIAN);
  return compiled.run(frame) == 0 ? LACUNA_OK : lacuna_refuse(error, LACUNA_CHECK);
}

int lacuna_log_density(const void* bound, const double* point, uint32_t flags, void* workspace, double* value,
                       lacuna_error* error) {
  lacuna_frame frame = {0, point, 0, 0, 0, workspace, 0, value, 0, 0, 0};
  return run_one(bound, flags, LACUNA_LOG_DENSITY_FUNCTION, &frame, error);
}

int lacuna_log_density_gradient(const void* bound, const double* point, uint32_t flags, void* workspace, double* value,
                                double* gradient, lacuna_error* error) {
  lacuna_frame frame = {0, point, gradient, 0, 0, workspace, 0, value, 0, 0, 0};
  return run_one(bound, flags, LACUNA_GRADIENT_FUNCTION, &frame, error);
}

int lacuna_log_density_hvp(const void* bound, const double* point, const double* direction, uint32_t flags,
                           void* workspace, double* value, double* gradient, double* product, lacuna_error* error) {
  lacuna_frame frame = {0};
  frame.point = point;
  frame.gradient = gradient;
  frame.direction = direction;
  frame.product = product;
  frame.work = workspace;
  frame.results = value;
  return run_one(bound, flags, LACUNA_HVP_FUNCTION, &frame, error);
}

#ifndef LACUNA_OBJECT
int lacuna_natural_density(const void* bound, const double* values, uint32_t flags, void* workspace, double* value,
                           double* gradient, lacuna_error* error) {
  lacuna_frame frame = {0};
  frame.point = values;
  frame.gradient = gradient;
  frame.work = workspace;
  frame.results = value;
  return run_one(bound, flags, gradient ? LACUNA_NATURAL_GRADIENT_FUNCTION : LACUNA_NATURAL_FUNCTION, &frame, error);
}
#endif

/* What a block entry reads and writes, [coordinate][draw] with one stride; null: not asked for. */
typedef struct vectors {
  const double *points, *directions;
  double *values, *gradients, *products;
} vectors;

LACUNA_END_SMALL_CODE

/* `lanes` draws packed next to each other; where fewer are live, the first is repeated. */
static void pack(const double* from, int64_t stride, int64_t live, int64_t lanes, int64_t coordinates, double* packed) {
  for (int64_t k = 0; k < coordinates; ++k, from += stride, packed += lanes) {
    if (live == LACUNA_BLOCK_DRAWS)
      memcpy(packed, from, LACUNA_BLOCK_DRAWS * sizeof *from);
    else
      for (int64_t d = 0; d < lanes; ++d) packed[d] = from[d < live ? d : 0];
  }
}

static void unpack(const double* packed, int64_t stride, int64_t live, int64_t lanes, int64_t coordinates, double* to) {
  for (int64_t k = 0; k < coordinates; ++k, to += stride, packed += lanes) {
    if (live == LACUNA_BLOCK_DRAWS)
      memcpy(to, packed, LACUNA_BLOCK_DRAWS * sizeof *to);
    else
      memcpy(to, packed, (size_t)live * sizeof *to);
  }
}

LACUNA_SMALL_CODE

/* Some draws, as many at a time as the function takes: a gradient, with which a value comes, eight, a Hessian's product one.
 * Behind the function's own workspace stand its results, then four vectors; where the caller's lie as the function takes them,
 * they serve. */
static int run_block(const void* bound, int64_t draws, int64_t stride, const vectors* given, uint32_t flags,
                     int32_t function, void* workspace, lacuna_error* error) {
  lacuna_view view;
  int code = lacuna_open_training(bound, &view, error);
  if (code != LACUNA_OK) return code;
  if (draws < 0 || stride < draws) return lacuna_refuse(error, LACUNA_ARGUMENT);
  if (!given->values) return lacuna_refuse(error, LACUNA_NULL);
  const int64_t coordinates = lacuna_polynomial(&view, view.owner->coordinates);
  const lacuna_frame vectors_given = {.point = given->points, .direction = given->directions, .gradient = given->gradients, .product = given->products};
  if (lacks_vector(&view, &vectors_given, function)) return lacuna_refuse(error, LACUNA_NULL);
  if ((code = check_flags(flags, error)) != LACUNA_OK) return code;
  if (function == LACUNA_LOG_DENSITY_FUNCTION) function = LACUNA_GRADIENT_FUNCTION;
  const int many = function == LACUNA_GRADIENT_FUNCTION;
  const lacuna_compiled compiled = lacuna_code_of(view.owner, function, many);
  if (!compiled.run) return lacuna_refuse(error, LACUNA_ABSENT);
  if (!workspace || !lacuna_aligned(workspace)) return lacuna_refuse(error, LACUNA_WORKSPACE);
  const int64_t lanes = many ? LACUNA_BLOCK_DRAWS : 1;
  const int packed = draws == lanes && stride == lanes;
  const int64_t vector = lacuna_rounded(coordinates * 8 * lanes) / 8;
  double* results = (double*)(void*)((char*)workspace + lacuna_rounded(compiled.work(view.base)));
  double* points = results + LACUNA_BLOCK_DRAWS;
  lacuna_frame frame = {0};
  frame.bound = view.base;
  frame.work = workspace;
  frame.results = results;
  frame.point = points;
  frame.direction = points + vector;
  frame.gradient = points + 2 * vector;
  frame.product = points + 3 * vector;
  if (packed) {
    frame.point = given->points;
    frame.direction = given->directions;
    if (given->gradients) frame.gradient = given->gradients;
    if (given->products) frame.product = given->products;
  }
  frame.without_jacobian = !(flags & LACUNA_JACOBIAN);
  for (int64_t first = 0; first < draws; first += lanes) {
    const int64_t live = draws - first < lanes ? draws - first : lanes;
    if (given->points && !packed) pack(given->points + first, stride, live, lanes, coordinates, points);
    if (given->directions && !packed) pack(given->directions + first, stride, live, lanes, coordinates, points + vector);
    if (compiled.run(&frame) != 0) return lacuna_refuse(error, LACUNA_CHECK);
    memcpy(given->values + first, results, (size_t)live * 8);
    if (given->gradients && !packed) unpack(frame.gradient, stride, live, lanes, coordinates, given->gradients + first);
    if (given->products && !packed) unpack(frame.product, stride, live, lanes, coordinates, given->products + first);
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
  const vectors given = {points, 0, values, gradients, 0};
  return run_block(bound, draws, stride, &given, flags, LACUNA_GRADIENT_FUNCTION, workspace, error);
}

int lacuna_log_density_hvp_block(const void* bound, int64_t draws, int64_t stride, const double* points,
                                 const double* directions, uint32_t flags, void* workspace, double* values,
                                 double* gradients, double* products, lacuna_error* error) {
  const vectors given = {points, directions, values, gradients, products};
  return run_block(bound, draws, stride, &given, flags, LACUNA_HVP_FUNCTION, workspace, error);
}

LACUNA_END_SMALL_CODE
