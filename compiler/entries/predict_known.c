/* What the fit knows of the target's elements: latents and imputed cells, element by element. */
#include <string.h>

#include "compiler/entries/prediction.h"

LACUNA_SMALL_CODE

/* One site's values: where they stand among the draws, and over which dimensions. */
typedef struct values {
  const lacuna_plan* plan;
  lacuna_span axes;
  const double* draws; /* [value][draw] from the site's first value and the wanted draw on */
  double* to;
  int64_t live;
} values;

static int32_t dim_of(const values* v, int32_t axis) {
  return LACUNA_OF(v->plan->target.owner, numbers)[v->axes.first + axis];
}

/* The element's place in the fit, or -1. */
static int64_t known_element(const lacuna_plan* plan, int32_t dim, int64_t element) {
  const lacuna_prediction* request = plan->request;
  const int32_t named = LACUNA_OF(plan->target.owner, dims)[dim].dimension;
  if (!request->maps || named < 0 || !request->maps[named])
    return element < lacuna_dim_size(plan->training.base, dim) ? element : -1;
  return request->maps[named][element];
}

LACUNA_END_SMALL_CODE

static void put_known(const values* v, int64_t element, int64_t from) {
  const int32_t lanes = v->plan->lanes;
  double* to = v->to + element * lanes;
  const double* draws = from < 0 ? 0 : v->draws + from * v->plan->request->stride;
  if (draws && v->live == LACUNA_BLOCK_DRAWS && lanes == LACUNA_BLOCK_DRAWS) {
    memcpy(to, draws, LACUNA_BLOCK_DRAWS * sizeof *to);
    return;
  }
  for (int64_t lane = 0; lane < lanes; ++lane) to[lane] = draws ? draws[lane < v->live ? lane : 0] : __builtin_nan("");
}

/* Runs through the target's elements in row-major order with the number of each in the fit, -1 for new ones. */
static void each_element(const values* v, int32_t axis, int64_t element, int64_t from) {
  if (axis == v->axes.count) {
    put_known(v, element, from);
    return;
  }
  const int32_t dim = dim_of(v, axis);
  const int64_t size = lacuna_dim_size(v->plan->target.base, dim);
  const int64_t old = v->plan->training.base ? lacuna_dim_size(v->plan->training.base, dim) : 0;
  for (int64_t e = 0; e < size; ++e) {
    const int64_t known = from < 0 ? -1 : known_element(v->plan, dim, e);
    const int64_t at = known < 0 ? -1 : from * old + known;
    if (axis + 1 == v->axes.count)
      put_known(v, element * size + e, at);
    else
      each_element(v, axis + 1, element * size + e, at);
  }
}

LACUNA_SMALL_CODE

static const int32_t* list_of(const lacuna_plan* plan, const lacuna_space* space, int32_t axis) {
  return (const int32_t*)(const void*)(plan->training.base + lacuna_slot(plan->training.base, space->slot + 2 + axis));
}

/* Values of the training data, by the target's elements; those of new elements are of the target's own data. */
static void each_frozen(const values* v, const char* own, const char* training, int32_t axis, int64_t element, int64_t from) {
  if (axis == v->axes.count) {
    memcpy(v->to + element, from < 0 ? own + 8 * element : training + 8 * from, 8);
    return;
  }
  const int32_t dim = dim_of(v, axis);
  const int64_t size = lacuna_dim_size(v->plan->target.base, dim);
  const int64_t old = v->plan->training.base ? lacuna_dim_size(v->plan->training.base, dim) : 0;
  for (int64_t e = 0; e < size; ++e) {
    const int64_t known = from < 0 ? -1 : known_element(v->plan, dim, e);
    each_frozen(v, own, training, axis + 1, element * size + e, known < 0 ? -1 : from * old + known);
  }
}

LACUNA_INNER void lacuna_freeze(const lacuna_plan* plan) {
  const lacuna_descriptor* owner = plan->target.owner;
  for (int32_t i = 0; i < LACUNA_LISTED(owner->frozen_count, 0); ++i) {
    const lacuna_buffer* buffer = &LACUNA_OF(owner, buffers)[LACUNA_OF(owner, frozen)[i].buffer];
    const values v = {plan, buffer->axes, 0, (double*)plan->outputs[LACUNA_OF(owner, frozen)[i].output], 0};
    const char* own = plan->target.base + lacuna_slot(plan->target.base, buffer->slot);
    const char* training = plan->training.base ? plan->training.base + lacuna_slot(plan->training.base, buffer->slot) : 0;
    each_frozen(&v, own, training, 0, 0, training ? 0 : -1);
  }
}

LACUNA_INNER void lacuna_spread(const lacuna_plan* plan) {
  const lacuna_descriptor* owner = plan->target.owner;
  const char* base = plan->target.base;
  for (int32_t b = 0; b < owner->buffer_count; ++b) {
    const lacuna_buffer* buffer = &LACUNA_OF(owner, buffers)[b];
    if (LACUNA_LISTED(buffer->packed, -1) < 0) continue;
    const lacuna_buffer* packed = &LACUNA_OF(owner, buffers)[buffer->packed];
    const lacuna_space* space = &LACUNA_OF(owner, spaces)[packed->packs];
    const int64_t count = lacuna_slot(base, space->slot), all = lacuna_product(&plan->target, buffer->axes);
    const double nan = __builtin_nan("");
    for (int64_t i = 0; i < all; ++i) memcpy(plan->spread[b] + 8 * i, &nan, 8);
    for (int64_t c = 0; c < count; ++c) {
      int64_t at = 0;
      for (int32_t k = 0; k < buffer->axes.count; ++k) {
        const int32_t* list = (const int32_t*)(const void*)(base + lacuna_slot(base, space->slot + 2 + k));
        at = at * lacuna_dim_size(base, LACUNA_OF(owner, numbers)[buffer->axes.first + k]) + list[c];
      }
      memcpy(plan->spread[b] + 8 * at, base + lacuna_slot(base, packed->slot) + 8 * c, 8);
    }
  }
}

/* The position of a cell of the fit in its sorted list, or -1. */
static int64_t find_cell(const lacuna_plan* plan, const lacuna_space* space, const int64_t* cell) {
  int64_t low = 0, high = lacuna_slot(plan->training.base, space->slot);
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    int order = 0;
    for (int32_t k = 0; k < space->dims.count && order == 0; ++k) {
      const int64_t here = list_of(plan, space, k)[middle];
      order = here < cell[k] ? -1 : here > cell[k];
    }
    if (order == 0) return middle;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return -1;
}

#define MOST_AXES 16

/* Cells that the fit lists, imputed ones and latents under a condition: the target's cell, its place in the fit, that among the
 * listed cells; then what each cell has of other axes. */
static void each_listed(const values* v, const lacuna_space* space, int32_t axis, int64_t element, int64_t* cell) {
  if (axis == space->dims.count) {
    each_element(v, axis, element, find_cell(v->plan, space, cell));
    return;
  }
  const int32_t dim = dim_of(v, axis);
  const int64_t size = lacuna_dim_size(v->plan->target.base, dim);
  for (int64_t e = 0; e < size; ++e) {
    cell[axis] = known_element(v->plan, dim, e);
    each_listed(v, space, axis + 1, element * size + e, cell);
  }
}

static int64_t values_of(const lacuna_plan* plan, int32_t s) {
  const lacuna_site* place = &LACUNA_OF(plan->target.owner, sites)[s];
  return place->has_coordinates ? lacuna_product(&plan->training, place->natural_axes) : 0;
}

LACUNA_INNER void lacuna_gather_known(const lacuna_plan* plan, int64_t slot, int64_t first, int64_t live) {
  const lacuna_descriptor* owner = plan->target.owner;
  const lacuna_metadata* metadata = lacuna_about(owner);
  const double* draws = plan->request->draws;
  if (draws) draws += plan->request->first + first;
  for (int32_t p = 0; p < metadata->parameter_count; ++p) {
    const int32_t s = metadata->parameters[p];
    const lacuna_predicted* site = &LACUNA_OF(owner, predicted)[s];
    if (site->known >= 0 && plan->take[s]) {
      const values v = {plan, site->known_axes, draws, plan->known + slot * plan->known_numbers + plan->known_at[s], live};
      int64_t cell[MOST_AXES];
      const int32_t listed = LACUNA_LISTED(LACUNA_OF(owner, sites)[s].cells, -1);
      if (listed >= 0 && draws && LACUNA_OF(owner, spaces)[listed].dims.count <= MOST_AXES)
        each_listed(&v, &LACUNA_OF(owner, spaces)[listed], 0, 0, cell);
      else
        each_element(&v, 0, 0, draws && listed < 0 ? 0 : -1);
    }
    if (draws) draws += values_of(plan, s) * plan->request->stride;
  }
}

LACUNA_END_SMALL_CODE
