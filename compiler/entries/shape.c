/* shape, cells, workspace_size: how large what the other entries read and write is. */
#include "compiler/entries/view.h"

LACUNA_SMALL_CODE

static int64_t size_of(const lacuna_view* view, int32_t dimension) {
  const int32_t dim = LACUNA_OF(view->owner, dimensions)[dimension];
  return dim < 0 ? 0 : lacuna_dim_size(view->base, dim);
}

static int64_t axes_product(const lacuna_view* view, const lacuna_site_info* info, int32_t first, int32_t last) {
  int64_t total = 1;
  for (int32_t k = first; k < last; ++k) total *= size_of(view, info->axes[k]);
  return total;
}

static int64_t scored_cells(const lacuna_view* view, const lacuna_site* site, int64_t cells) {
  return LACUNA_LISTED(site->scored, -1) < 0 ? cells : lacuna_slot(view->base, LACUNA_OF(view->owner, spaces)[site->scored].slot);
}

int lacuna_shape_of(const void* bound, lacuna_shape* out, lacuna_error* error) {
  lacuna_view view;
  const int code = lacuna_open_view(bound, &view, error);
  if (code != LACUNA_OK) return code;
  if (!out) return lacuna_refuse(error, LACUNA_NULL);
  const lacuna_metadata* metadata = lacuna_about(view.owner);
  for (int32_t i = 0; out->dimension_sizes && i < metadata->dimension_count; ++i)
    out->dimension_sizes[i] = size_of(&view, i);
  out->coordinates = out->values = 0;
  for (int32_t s = 0; s < metadata->site_count; ++s) {
    const lacuna_site_info* info = &metadata->sites[s];
    const lacuna_site* site = &LACUNA_OF(view.owner, sites)[s];
    const int32_t batch = info->rank - info->event_rank;
    const int64_t cells = axes_product(&view, info, 0, batch);
    const int64_t scored = info->kind == LACUNA_OBSERVED ? scored_cells(&view, site, cells) : 0;
    int64_t coordinates = 0, values = 0;
    if (site->has_coordinates) {
      coordinates = lacuna_product(&view, site->coordinates);
      values = lacuna_product(&view, site->natural_axes);
    }
    if (out->site_coordinates) out->site_coordinates[s] = coordinates;
    if (out->site_values) out->site_values[s] = values;
    if (out->site_scored) out->site_scored[s] = scored;
    if (out->site_left_out) out->site_left_out[s] = info->kind == LACUNA_OBSERVED ? cells - scored : 0;
    out->coordinates += coordinates;
    out->values += values;
  }
  out->parts = lacuna_parts(&view);
  out->partial = lacuna_partial(&view);
  return LACUNA_OK;
}

int lacuna_cells_of(const void* bound, int32_t number, int64_t* positions, lacuna_error* error) {
  lacuna_view view;
  const int code = lacuna_open_view(bound, &view, error);
  if (code != LACUNA_OK) return code;
  const lacuna_metadata* metadata = lacuna_about(view.owner);
  if (number < 0 || number >= metadata->site_count) return lacuna_fail(error, LACUNA_ARGUMENT, number, -1);
  if (!positions) return lacuna_fail(error, LACUNA_NULL, number, -1);
  const lacuna_site_info* info = &metadata->sites[number];
  const lacuna_site* site = &LACUNA_OF(view.owner, sites)[number];
  const int32_t listed = LACUNA_LISTED(info->kind == LACUNA_OBSERVED ? site->scored : site->cells, -1);
  const int32_t batch = info->rank - info->event_rank;
  if (listed < 0) {
    if (info->partial) return lacuna_fail(error, LACUNA_ABSENT, number, -1);
    const int64_t count = axes_product(&view, info, 0, info->kind == LACUNA_OBSERVED ? batch : info->rank);
    for (int64_t i = 0; i < count; ++i) positions[i] = i;
    return LACUNA_OK;
  }
  const lacuna_space* space = &LACUNA_OF(view.owner, spaces)[listed];
  if (space->parameters.count != 0 || space->dims.count != batch)
    return lacuna_fail(error, LACUNA_ABSENT, number, -1);
  const int64_t count = lacuna_slot(view.base, space->slot);
  for (int64_t c = 0; c < count; ++c) {
    int64_t at = 0;
    for (int32_t k = 0; k < batch; ++k) {
      const char* list = view.base + lacuna_slot(view.base, space->slot + 2 + k);
      const int32_t i = ((const int32_t*)(const void*)list)[c];
      at = at * lacuna_dim_size(view.base, LACUNA_OF(view.owner, numbers)[space->dims.first + k]) + i;
    }
    positions[c] = at;
  }
  return LACUNA_OK;
}

/* By entry, and one more; 0: none. */
static const int8_t kFunctions[] = {
    [LACUNA_ENTRY_LOG_DENSITY] = 1 + LACUNA_LOG_DENSITY_FUNCTION,
    [LACUNA_ENTRY_LOG_DENSITY_GRADIENT] = 1 + LACUNA_GRADIENT_FUNCTION,
    [LACUNA_ENTRY_DENSITY_PART] = 1 + LACUNA_GRADIENT_FUNCTION,
    [LACUNA_ENTRY_DENSITY_FINISH] = 1 + LACUNA_GRADIENT_FUNCTION,
    [LACUNA_ENTRY_HVP] = 1 + LACUNA_HVP_FUNCTION,
    [LACUNA_ENTRY_TERMS] = 1 + LACUNA_TERMS_FUNCTION,
    [LACUNA_ENTRY_CONSTRAIN] = 1 + LACUNA_CONSTRAIN_FUNCTION,
    [LACUNA_ENTRY_POINTWISE] = 1 + LACUNA_POINTWISE_FUNCTION,
    [LACUNA_ENTRY_UNCONSTRAIN] = 1 + LACUNA_UNCONSTRAIN_FUNCTION,
#ifndef LACUNA_OBJECT
    [LACUNA_ENTRY_NATURAL_DENSITY] = 1 + LACUNA_NATURAL_GRADIENT_FUNCTION,
    [LACUNA_ENTRY_NATURAL_TERMS] = 1 + LACUNA_NATURAL_TERMS_FUNCTION,
    [LACUNA_ENTRY_NATURAL_POINTWISE] = 1 + LACUNA_NATURAL_POINTWISE_FUNCTION,
#endif
};

static int32_t function_of(int32_t entry) {
  return entry >= 0 && entry < (int32_t)sizeof kFunctions ? kFunctions[entry] - 1 : -1;
}

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

static int is_density(int32_t function) { return function <= LACUNA_HVP_FUNCTION; }

static int64_t own_work(const lacuna_view* view, int32_t function, int block) {
  const lacuna_compiled code = lacuna_code_of(view->owner, function, block);
  return code.work ? lacuna_rounded(code.work(view->base)) : 0;
}

/* The natural density with its gradient and without share one size. */
static int64_t work_bytes(const lacuna_view* view, int32_t function) {
  const int64_t own = own_work(view, function, 0);
#ifdef LACUNA_OBJECT
  return own;
#else
  return function == LACUNA_NATURAL_GRADIENT_FUNCTION ? larger(own, own_work(view, LACUNA_NATURAL_FUNCTION, 0)) : own;
#endif
}

/* Where data come in parts, or sites are scaled, a density runs the sums over rows and the rest instead; the rest has a result of
 * its own, and plain entries keep those of all parts. */
static int64_t density_bytes(const lacuna_view* view, int32_t entry, int32_t function) {
  const int64_t parts = lacuna_parts(view);
  const int by_part = entry == LACUNA_ENTRY_DENSITY_PART || entry == LACUNA_ENTRY_DENSITY_FINISH;
  if ((parts == 1 && !by_part) || (function != LACUNA_LOG_DENSITY_FUNCTION && function != LACUNA_GRADIENT_FUNCTION))
    return work_bytes(view, function);
  int64_t most = larger(own_work(view, LACUNA_ROWS_FUNCTION, 0), own_work(view, LACUNA_REST_FUNCTION, 0));
  if (parts == 1) most = larger(most, larger(own_work(view, function, 0), own_work(view, LACUNA_LOG_DENSITY_FUNCTION, 0)));
  const int whole = entry == LACUNA_ENTRY_LOG_DENSITY || entry == LACUNA_ENTRY_LOG_DENSITY_GRADIENT;
  const int64_t result = lacuna_partial(view) * 8;
  return most + lacuna_rounded(result) + (whole ? lacuna_rounded(parts * result) : 0);
}

/* The pointers to outputs, and the largest that nobody may want. */
static int64_t output_bytes(const lacuna_view* view, int32_t function) {
  if (is_density(function)) return 0;
  int64_t most = 0;
  const int writes = function != LACUNA_TERMS_FUNCTION && function != LACUNA_NATURAL_TERMS_FUNCTION;
  for (int32_t s = 0; writes && s < lacuna_about(view->owner)->site_count; ++s) {
    const lacuna_site* site = &LACUNA_OF(view->owner, sites)[s];
    if (site->pointwise >= 0) most = larger(most, lacuna_product(view, site->pointwise_axes));
    if (site->natural >= 0) most = larger(most, lacuna_product(view, site->natural_axes));
    if (site->back >= 0) most = larger(most, lacuna_product(view, site->coordinates));
  }
  return lacuna_rounded((int64_t)view->owner->output_count * (int64_t)sizeof(void*)) + lacuna_padded(most * 8);
}

int64_t lacuna_workspace_size(const void* bound, int32_t entry, int64_t draws) {
  lacuna_view view;
  if (lacuna_open_view(bound, &view, 0) != LACUNA_OK) return -1;
  if (entry == LACUNA_ENTRY_PREDICT) return lacuna_predicts(view.owner) ? lacuna_predict_workspace(&view) : -1;
  const int32_t function = function_of(entry);
  if (function < 0) return -1;
  const lacuna_function_known* info = &LACUNA_OF(view.owner, functions)[function];
  if (info->results < 0 || (draws > 1 && !is_density(function))) return -1;
  const int64_t results = lacuna_rounded((int64_t)info->results * 8);
  const int64_t plain = density_bytes(&view, entry, function) + results + output_bytes(&view, function);
  if (draws <= 1) return plain;
  const int many = function != LACUNA_HVP_FUNCTION; /* a value comes with its gradient */
  const int64_t own = many ? own_work(&view, LACUNA_GRADIENT_FUNCTION, 1) : own_work(&view, function, 0);
  const int64_t packed = lacuna_rounded(lacuna_polynomial(&view, view.owner->coordinates) * 8 * (many ? LACUNA_BLOCK_DRAWS : 1));
  return larger(plain, own + 8 * LACUNA_BLOCK_DRAWS + 4 * packed);
}

LACUNA_END_SMALL_CODE
