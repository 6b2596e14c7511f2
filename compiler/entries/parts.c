/* The log density in parts: the rows of data shared out, in pieces that depend on the data alone, and the rest.
 *
 * A part's result is its share of the gradient, which comes with the value whether wanted or not, then of the value; results are
 * multiples of a line of cache, which no vector then straddles. Where data are few there is one part, the whole. */
#include <string.h>

#include "compiler/entries/view.h"

LACUNA_SMALL_CODE

/* Instructions that make a part worth its call, and those that make it worth a slope of its own for each coordinate, which is
 * cleared, written, and read again when parts are added. */
#define LEAST_WORK INT64_C(1000000)
#define WORK_OF_COORDINATE 128

LACUNA_INNER int64_t lacuna_count_parts(const lacuna_view* view) {
  const lacuna_descriptor* owner = view->owner;
  int64_t work = 0;
  for (int32_t i = 0; i < owner->row_loop_count; ++i) {
    const lacuna_row_loop* loop = &LACUNA_OF(owner, row_loops)[i];
    const int64_t rows = LACUNA_LISTED(loop->space >= 0, 0) ? lacuna_slot(view->base, LACUNA_OF(owner, spaces)[loop->space].slot)
                                          : lacuna_dim_size(view->base, loop->dim);
    work += rows * lacuna_polynomial(view, loop->work);
  }
  const int64_t of_coordinates = WORK_OF_COORDINATE * lacuna_polynomial(view, owner->coordinates);
  const int64_t least = of_coordinates > LEAST_WORK ? of_coordinates : LEAST_WORK;
  const int64_t parts = work / least;
  return parts < 1 ? 1 : parts > LACUNA_MAX_PARTS ? LACUNA_MAX_PARTS : parts;
}

static int64_t coordinates_of(const lacuna_view* view) { return lacuna_polynomial(view, view->owner->coordinates); }

LACUNA_INNER int64_t lacuna_partial(const lacuna_view* view) { return lacuna_rounded((1 + coordinates_of(view)) * 8) / 8; }

/* What a call asks for. */
typedef struct request {
  const double* point;
  uint32_t flags;
  const double* scale; /* [site], or null */
} request;

static int run_function(const lacuna_view* view, int32_t function, const request* asked, void* workspace,
                        const int64_t* arguments, double* value, double* gradient, lacuna_error* error) {
  const lacuna_compiled compiled = lacuna_code_of(view->owner, function, 0);
  if (!compiled.run) return lacuna_refuse(error, LACUNA_ABSENT);
  const int64_t needed = compiled.work ? compiled.work(view->base) : 0;
  if (needed > 0 && (!workspace || !lacuna_aligned(workspace)))
    return lacuna_fail(error, LACUNA_WORKSPACE, -1, needed);
  lacuna_frame frame = {0};
  frame.bound = view->base;
  frame.point = asked->point;
  frame.scales = asked->scale;
  frame.gradient = gradient;
  frame.work = workspace;
  frame.results = value;
  frame.arguments = arguments;
  frame.without_jacobian = !(asked->flags & LACUNA_JACOBIAN);
  return compiled.run(&frame) == 0 ? LACUNA_OK : lacuna_refuse(error, LACUNA_CHECK);
}

/* Whether the sums over rows and the rest are functions of their own: always where sites are scaled. */
static int is_split(const request* asked, int64_t parts) { return parts > 1 || asked->scale; }

static int run_part(const lacuna_view* view, const request* asked, int64_t part, int64_t parts, void* workspace, double* partial,
                    lacuna_error* error) {
  const int64_t arguments[2] = {part, parts};
  int32_t function = asked->flags & LACUNA_GRADIENT ? LACUNA_GRADIENT_FUNCTION : LACUNA_LOG_DENSITY_FUNCTION;
  if (is_split(asked, parts)) function = LACUNA_ROWS_FUNCTION;
  if (LACUNA_OF(view->owner, functions)[function].results < 0) { /* no rows: all is the rest */
    memset(partial, 0, (size_t)lacuna_partial(view) * 8);
    return LACUNA_OK;
  }
  return run_function(view, function, asked, workspace, arguments, partial + coordinates_of(view), partial, error);
}

/* Elements that are added at a time, and how often parts can be halved. */
#define STRETCH 128
#define HALVINGS 6

LACUNA_END_SMALL_CODE

/* Parts first to last - 1, added in halves, so that no order is left to whoever ran them. */
static void add_halves(const double* partials, int64_t stride, int64_t first, int64_t last, int64_t count, double* sum,
                       double (*spare)[STRETCH]) {
  if (last - first == 1) {
    memcpy(sum, partials + first * stride, (size_t)count * 8);
    return;
  }
  const int64_t middle = first + (last - first) / 2;
  add_halves(partials, stride, first, middle, count, sum, spare);
  add_halves(partials, stride, middle, last, count, *spare, spare + 1);
  for (int64_t i = 0; i < count; ++i) sum[i] += (*spare)[i];
}

LACUNA_SMALL_CODE

static int run_finish(const lacuna_view* view, const request* asked, const double* partials, int64_t parts, void* workspace,
                      double* value, double* gradient, lacuna_error* error) {
  const int64_t stride = lacuna_partial(view), coordinates = coordinates_of(view);
  double* rest = (double*)workspace; /* its result, before its own workspace */
  if (!(asked->flags & LACUNA_GRADIENT)) gradient = 0;
  if (!is_split(asked, parts)) {
    *value = partials[coordinates];
    if (gradient) memcpy(gradient, partials, (size_t)coordinates * 8);
    return LACUNA_OK;
  }
  if (!workspace || !lacuna_aligned(workspace)) return lacuna_refuse(error, LACUNA_WORKSPACE);
  const int code = run_function(view, LACUNA_REST_FUNCTION, asked, (char*)workspace + lacuna_rounded(stride * 8), 0, rest + coordinates, rest, error);
  if (code != LACUNA_OK) return code;
  double spare[HALVINGS + 1][STRETCH];
  for (int64_t k = gradient ? 0 : coordinates; k <= coordinates; k += STRETCH) {
    const int64_t left = coordinates + 1 - k, count = left < STRETCH ? left : STRETCH;
    add_halves(partials + k, stride, 0, parts, count, *spare, spare + 1);
    for (int64_t i = 0; i < count; ++i) rest[k + i] += (*spare)[i];
  }
  *value = rest[coordinates];
  if (gradient) memcpy(gradient, rest, (size_t)coordinates * 8);
  return LACUNA_OK;
}

static int check_part_call(const void* bound, const request* asked, lacuna_view* view, lacuna_error* error) {
  const int code = lacuna_open_training(bound, view, error);
  if (code != LACUNA_OK) return code;
  if (!asked->point && coordinates_of(view) > 0) return lacuna_refuse(error, LACUNA_NULL);
  const uint32_t known = LACUNA_JACOBIAN | LACUNA_NORMALISED | LACUNA_GRADIENT;
  return asked->flags & ~known ? lacuna_refuse(error, LACUNA_ARGUMENT) : LACUNA_OK;
}

int lacuna_density_part(const void* bound, const double* point, uint32_t flags, int32_t part, const double* scale,
                        void* workspace, double* partial, lacuna_error* error) {
  lacuna_view view;
  const request asked = {point, flags, scale};
  const int code = check_part_call(bound, &asked, &view, error);
  if (code != LACUNA_OK) return code;
  const int64_t parts = lacuna_parts(&view);
  if (!partial) return lacuna_refuse(error, LACUNA_NULL);
  if (part < 0 || part >= parts) return lacuna_fail(error, LACUNA_ARGUMENT, -1, part);
  return run_part(&view, &asked, part, parts, workspace, partial, error);
}

int lacuna_density_finish(const void* bound, const double* point, uint32_t flags, const double* scale,
                          const double* partials, void* workspace, double* value, double* gradient,
                          lacuna_error* error) {
  lacuna_view view;
  const request asked = {point, flags, scale};
  const int code = check_part_call(bound, &asked, &view, error);
  if (code != LACUNA_OK) return code;
  if (!partials || !value || (!gradient && (flags & LACUNA_GRADIENT))) return lacuna_refuse(error, LACUNA_NULL);
  return run_finish(&view, &asked, partials, lacuna_parts(&view), workspace, value, gradient, error);
}

/* The plain entries where there are several parts: one after the other, then all together. The partial results stand at
 * the workspace's start. */
LACUNA_INNER int lacuna_run_all_parts(const lacuna_view* view, const double* point, uint32_t flags, int64_t parts, void* workspace,
                         double* value, double* gradient, lacuna_error* error) {
  const int64_t stride = lacuna_partial(view);
  double* partials = (double*)workspace;
  const request asked = {point, flags, 0};
  if (!workspace || !lacuna_aligned(workspace)) return lacuna_refuse(error, LACUNA_WORKSPACE);
  void* rest = (char*)workspace + lacuna_rounded(parts * stride * 8);
  for (int64_t part = 0; part < parts; ++part) {
    const int code = run_part(view, &asked, part, parts, rest, partials + part * stride, error);
    if (code != LACUNA_OK) return code;
  }
  return run_finish(view, &asked, partials, parts, rest, value, gradient, error);
}

LACUNA_END_SMALL_CODE
