/* terms, constrain, unconstrain, pointwise: what a point says of each site, at coordinates or at natural values. */
#include <string.h>

#include "compiler/entries/view.h"

LACUNA_SMALL_CODE

/* A workspace holds the function's own, then its results, then the pointers to its outputs, then memory for an output
 * that nobody wants. */
typedef struct parts {
  lacuna_compiled code;
  char* results;
  void** outputs;
  char* unwanted;
} parts;

static int open(const void* bound, const double* point, int32_t function, void* workspace, lacuna_view* view,
                parts* made, lacuna_error* error) {
  const int code = lacuna_open_training(bound, view, error);
  if (code != LACUNA_OK) return code;
  if (!point && lacuna_polynomial(view, view->owner->coordinates) > 0) return lacuna_refuse(error, LACUNA_NULL);
  made->code = lacuna_code_of(view->owner, function, 0);
  if (!made->code.run) return lacuna_refuse(error, LACUNA_ABSENT);
  if (!workspace || !lacuna_aligned(workspace)) return lacuna_refuse(error, LACUNA_WORKSPACE);
  made->results = (char*)workspace + lacuna_rounded(made->code.work(view->base));
  char* outputs = made->results + lacuna_rounded((int64_t)LACUNA_OF(view->owner, functions)[function].results * 8);
  made->outputs = (void**)(void*)outputs;
  made->unwanted = outputs + lacuna_rounded((int64_t)view->owner->output_count * (int64_t)sizeof(void*));
  for (int32_t i = 0; i < view->owner->output_count; ++i) made->outputs[i] = made->unwanted;
  return LACUNA_OK;
}

static int run(const lacuna_view* view, const parts* made, const double* point, uint32_t flags, void* workspace,
               lacuna_error* error) {
  lacuna_frame frame = {0};
  frame.bound = view->base;
  frame.point = point;
  frame.work = workspace;
  frame.outputs = made->outputs;
  frame.results = made->results;
  frame.without_jacobian = !(flags & LACUNA_JACOBIAN);
  return made->code.run(&frame) == 0 ? LACUNA_OK : lacuna_refuse(error, LACUNA_CHECK);
}

static int terms_at(const void* bound, const double* point, int32_t function, uint32_t flags, void* workspace, double* totals,
                    int64_t* not_finite, lacuna_error* error) {
  lacuna_view view;
  parts made;
  if (!totals || !not_finite) return lacuna_refuse(error, LACUNA_NULL);
  int code = open(bound, point, function, workspace, &view, &made, error);
  if (code == LACUNA_OK) code = run(&view, &made, point, flags, workspace, error);
  if (code != LACUNA_OK) return code;
  const char* next = made.results;
  for (int32_t s = 0; s < lacuna_about(view.owner)->site_count; ++s) {
    totals[s] = 0;
    not_finite[s] = 0;
    if (!LACUNA_OF(view.owner, sites)[s].has_term) continue;
    memcpy(&totals[s], next, 8);
    memcpy(&not_finite[s], next + 8, 8);
    next += 16;
  }
  return LACUNA_OK;
}

int lacuna_terms(const void* bound, const double* point, uint32_t flags, void* workspace, double* totals,
                 int64_t* not_finite, lacuna_error* error) {
  return terms_at(bound, point, LACUNA_TERMS_FUNCTION, flags, workspace, totals, not_finite, error);
}

#ifndef LACUNA_OBJECT
int lacuna_natural_terms(const void* bound, const double* values, void* workspace, double* totals, int64_t* not_finite,
                         lacuna_error* error) {
  return terms_at(bound, values, LACUNA_NATURAL_TERMS_FUNCTION, 0, workspace, totals, not_finite, error);
}
#endif

/* Between coordinates and natural values, to either. */
static int convert(const void* bound, const double* from, int32_t function, void* workspace, double* to, lacuna_error* error) {
  lacuna_view view;
  parts made;
  const int code = open(bound, from, function, workspace, &view, &made, error);
  if (code != LACUNA_OK) return code;
  const lacuna_metadata* metadata = lacuna_about(view.owner);
  if (!to && metadata->parameter_count > 0) return lacuna_refuse(error, LACUNA_NULL);
  for (int32_t p = 0; p < metadata->parameter_count; ++p) {
    const lacuna_site* site = &LACUNA_OF(view.owner, sites)[metadata->parameters[p]];
    const int back = function == LACUNA_UNCONSTRAIN_FUNCTION;
    const int32_t output = back ? site->back : site->natural;
    if (output < 0) continue;
    made.outputs[output] = to;
    to += lacuna_product(&view, back ? site->coordinates : site->natural_axes);
  }
  return run(&view, &made, from, 0, workspace, error);
}

int lacuna_constrain(const void* bound, const double* point, void* workspace, double* values, lacuna_error* error) {
  return convert(bound, point, LACUNA_CONSTRAIN_FUNCTION, workspace, values, error);
}

int lacuna_unconstrain(const void* bound, const double* values, void* workspace, double* point, lacuna_error* error) {
  return convert(bound, values, LACUNA_UNCONSTRAIN_FUNCTION, workspace, point, error);
}

static int pointwise_at(const void* bound, const double* point, int32_t function, void* workspace, double* const* out,
                        lacuna_error* error) {
  lacuna_view view;
  parts made;
  if (!out) return lacuna_refuse(error, LACUNA_NULL);
  const int code = open(bound, point, function, workspace, &view, &made, error);
  if (code != LACUNA_OK) return code;
  for (int32_t s = 0; s < lacuna_about(view.owner)->site_count; ++s) {
    const lacuna_site* site = &LACUNA_OF(view.owner, sites)[s];
    if (site->pointwise >= 0 && out[s]) made.outputs[site->pointwise] = out[s];
  }
  return run(&view, &made, point, 0, workspace, error);
}

int lacuna_pointwise(const void* bound, const double* point, void* workspace, double* const* out, lacuna_error* error) {
  return pointwise_at(bound, point, LACUNA_POINTWISE_FUNCTION, workspace, out, error);
}

#ifndef LACUNA_OBJECT
int lacuna_natural_pointwise(const void* bound, const double* values, void* workspace, double* const* out,
                             lacuna_error* error) {
  return pointwise_at(bound, values, LACUNA_NATURAL_POINTWISE_FUNCTION, workspace, out, error);
}
#endif

LACUNA_END_SMALL_CODE
