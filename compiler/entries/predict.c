/* predict: sites that are wanted, and what they need, for a range of draws. */
#include <string.h>

#include "compiler/entries/prediction.h"

LACUNA_SMALL_CODE

static int check_request(const lacuna_prediction* request, lacuna_plan* plan, lacuna_error* error) {
  const uint32_t known = LACUNA_SIMULATE | LACUNA_MISSING_NAN | LACUNA_LOG_LIKELIHOOD;
  if (!request || !request->out) return lacuna_refuse(error, LACUNA_NULL);
  if (request->struct_size < sizeof *request) return lacuna_refuse(error, LACUNA_VERSION);
  int code = lacuna_open_view(request->target, &plan->target, error);
  if (code == LACUNA_OK && request->training) code = lacuna_open_training(request->training, &plan->training, error);
  if (code != LACUNA_OK) return code;
  if (request->training && plan->training.owner != plan->target.owner) return lacuna_refuse(error, LACUNA_VERSION);
  if (!lacuna_predicts(plan->target.owner)) return lacuna_refuse(error, LACUNA_ABSENT);
  if ((request->flags & ~known) || request->first < 0 || request->count < 0)
    return lacuna_refuse(error, LACUNA_ARGUMENT);
  if (!request->training) return LACUNA_OK;
  if (request->stride < request->first + request->count) return lacuna_refuse(error, LACUNA_ARGUMENT);
  const int needs_draws = lacuna_about(plan->target.owner)->parameter_count > 0 && request->count > 0;
  return needs_draws && !request->draws ? lacuna_refuse(error, LACUNA_NULL) : LACUNA_OK;
}

/* Dimensions with elements that the fit has not. */
static void find_fresh(lacuna_plan* plan) {
  const lacuna_descriptor* owner = plan->target.owner;
  for (int32_t d = 0; d < owner->dim_count; ++d) {
    const int32_t named = LACUNA_OF(owner, dims)[d].dimension;
    const int64_t size = lacuna_dim_size(plan->target.base, d);
    const int64_t* map = plan->request->maps && named >= 0 ? plan->request->maps[named] : 0;
    plan->fresh[d] = !plan->request->training;
    if (plan->fresh[d]) continue;
    if (!map) plan->fresh[d] = size > lacuna_dim_size(plan->training.base, d);
    for (int64_t e = 0; map && e < size && !plan->fresh[d]; ++e) plan->fresh[d] = map[e] < 0;
  }
}

/* A latent is drawn where the fit has not all of it. */
static int has_fresh(const lacuna_plan* plan, int32_t s) {
  const lacuna_predicted* site = &LACUNA_OF(plan->target.owner, predicted)[s];
  int found = !plan->request->training;
  for (int32_t k = 0; k < site->known_axes.count; ++k)
    found |= plan->fresh[LACUNA_OF(plan->target.owner, numbers)[site->known_axes.first + k]];
  return found;
}

/* From the wanted sites back to all that they read. */
static int find_needed(lacuna_plan* plan, lacuna_error* error) {
  const lacuna_descriptor* owner = plan->target.owner;
  for (int32_t s = lacuna_about(owner)->site_count; s-- > 0;) {
    const lacuna_predicted* site = &LACUNA_OF(owner, predicted)[s];
    const int latent = lacuna_about(owner)->sites[s].kind == LACUNA_LATENT;
    const int32_t which = lacuna_function_of(plan, s);
    if (plan->request->out[s]) {
      if (latent)
        plan->take[s] = 1;
      else
        plan->run[s] = 1;
    }
    if (latent) plan->run[s] = plan->take[s] && has_fresh(plan, s);
    if (!plan->run[s]) continue;
    if (!site->there[which]) return lacuna_fail(error, LACUNA_ABSENT, s, -1);
    for (int32_t i = 0; i < site->reads[which].count; ++i) plan->run[LACUNA_OF(owner, numbers)[site->reads[which].first + i]] = 1;
    for (int32_t i = 0; i < site->takes[which].count; ++i) plan->take[LACUNA_OF(owner, numbers)[site->takes[which].first + i]] = 1;
  }
  return LACUNA_OK;
}

/* Keys and maps of rows `begin` on; where none were given, positions. */
static void set_dimension(lacuna_plan* plan, int32_t d, int64_t begin, int64_t count) {
  const lacuna_descriptor* owner = plan->target.owner;
  const lacuna_dim* dim = &LACUNA_OF(owner, dims)[d];
  const int64_t keys = lacuna_slot(plan->target.base, dim->keys);
  const int64_t* map = plan->request->maps && dim->dimension >= 0 ? plan->request->maps[dim->dimension] : 0;
  const int64_t old = plan->request->training ? lacuna_dim_size(plan->training.base, d) : 0;
  if (keys)
    plan->outputs[dim->key] = (int64_t*)(void*)(plan->target.base + keys) + begin;
  else
    plan->outputs[dim->key] = plan->keys[d];
  for (int64_t e = 0; !keys && e < count; ++e) plan->keys[d][e] = begin + e;
  plan->outputs[dim->map] = map && plan->request->training ? (void*)(uintptr_t)(map + begin) : plan->maps[d];
  for (int64_t e = 0; plan->outputs[dim->map] == plan->maps[d] && e < count; ++e)
    plan->maps[d][e] = begin + e < old ? begin + e : -1;
}

static int64_t row_elements(const lacuna_plan* plan, lacuna_span axes) {
  const lacuna_span rest = {axes.first + 1, axes.count - 1};
  return lacuna_product(&plan->target, rest);
}

static int is_windowed(const lacuna_plan* plan, lacuna_span axes) {
  return axes.count > 0 && window_of(plan) >= 0 && LACUNA_OF(plan->target.owner, numbers)[axes.first] == window_of(plan);
}

/* The header that the functions see: as if the bound model had the rows of the window only (none: all of them). */
static void set_header(lacuna_plan* plan, int64_t begin, int64_t count) {
  const lacuna_descriptor* owner = plan->target.owner;
  int64_t* header = (int64_t*)(void*)plan->header;
  memcpy(header, plan->target.base, (size_t)owner->header_bytes);
  const int64_t moved = (int64_t)((uintptr_t)plan->target.base - (uintptr_t)plan->header);
  const int32_t window = count > 0 ? window_of(plan) : -1;
  if (window >= 0) header[1 + window] = count;
  for (int32_t b = 0; b < owner->buffer_count; ++b) {
    const lacuna_buffer* buffer = &LACUNA_OF(owner, buffers)[b];
    const int64_t rows = begin > 0 && is_windowed(plan, buffer->axes) ? begin * row_elements(plan, buffer->axes) : 0;
    header[buffer->slot] += moved + rows * lacuna_element_bytes(buffer->element);
    if (LACUNA_LISTED(buffer->packed, -1) >= 0) header[buffer->slot] = plan->spread[b] - plan->header + 8 * rows;
    if (LACUNA_LISTED(buffer->optional, 0)) header[buffer->slot + 1] += moved + rows;
  }
  for (int32_t i = 0; i < LACUNA_LISTED(owner->space_count, 0); ++i) {
    const lacuna_space* space = &LACUNA_OF(owner, spaces)[i];
    for (int32_t k = 0; k <= space->dims.count; ++k) header[space->slot + 1 + k] += moved;
  }
  for (int32_t d = 0; d < owner->dim_count; ++d) {
    if (LACUNA_OF(owner, dims)[d].key < 0 || (d == window_of(plan) && window < 0)) continue;
    const int windowed = d == window;
    set_dimension(plan, d, windowed ? begin : 0, windowed ? count : lacuna_dim_size(plan->target.base, d));
  }
}

/* The arrays of one draw, or of draws side by side, from row `begin` on. */
static void set_arrays(lacuna_plan* plan, int64_t slot, int64_t first, int64_t begin) {
  const lacuna_descriptor* owner = plan->target.owner;
  for (int64_t lane = 0; lane < plan->lanes; ++lane) plan->draw[lane] = (plan->request->first + first + lane) & INT64_C(0xffffffff);
  for (int32_t s = 0; s < lacuna_about(owner)->site_count; ++s) {
    const lacuna_predicted* site = &LACUNA_OF(owner, predicted)[s];
    if (site->known >= 0) {
      const int64_t rows = is_windowed(plan, site->known_axes) ? begin * row_elements(plan, site->known_axes) : 0;
      plan->outputs[site->known] = plan->known + slot * plan->known_numbers + plan->known_at[s] + rows * plan->lanes;
    }
    if (site->out < 0 || !plan->run[s]) continue;
    double* out = plan->request->out[s];
    plan->outputs[site->out] = plan->made[s];
    if (!out || plan->lanes > 1) continue;
    const int64_t rows = is_windowed(plan, site->axes) ? begin * row_elements(plan, site->axes) : 0;
    plan->outputs[site->out] = out + first * lacuna_product(&plan->target, site->axes) + rows;
  }
}

LACUNA_NOT_IN_LINE static int run_site(lacuna_plan* plan, int32_t s, lacuna_error* error) {
  const lacuna_compiled code = lacuna_prediction_code(plan->target.owner, s, lacuna_function_of(plan, s), plan->lanes > 1);
  if (!code.run) return lacuna_fail(error, LACUNA_ABSENT, s, -1);
  lacuna_frame frame = {0};
  frame.bound = plan->header;
  frame.work = plan->work;
  frame.outputs = plan->outputs;
  return code.run(&frame) == 0 ? LACUNA_OK : lacuna_fail(error, LACUNA_CHECK, s, -1);
}

/* Runs the functions of latents, or of all else, in order. */
static int run_sites(lacuna_plan* plan, int latents, lacuna_error* error) {
  const lacuna_metadata* metadata = lacuna_about(plan->target.owner);
  int code = LACUNA_OK;
  for (int32_t s = 0; s < metadata->site_count && code == LACUNA_OK; ++s) {
    const int latent = metadata->sites[s].kind == LACUNA_LATENT;
    if (plan->run[s] && (latents < 0 || latent == latents)) code = run_site(plan, s, error);
  }
  return code;
}

LACUNA_END_SMALL_CODE

/* What is not in the caller's arrays yet: latents, and draws that stood side by side. */
static void deliver(const lacuna_plan* plan, int64_t slot, int64_t first, int64_t live) {
  const lacuna_descriptor* owner = plan->target.owner;
  for (int32_t s = 0; s < lacuna_about(owner)->site_count; ++s) {
    double* out = plan->request->out[s];
    const lacuna_predicted* site = &LACUNA_OF(owner, predicted)[s];
    const int latent = lacuna_about(owner)->sites[s].kind == LACUNA_LATENT;
    if (!out || (!latent && plan->lanes == 1)) continue;
    const double* from = latent ? plan->known + slot * plan->known_numbers + plan->known_at[s] : plan->made[s];
    const int64_t cells = lacuna_product(&plan->target, latent ? site->known_axes : site->axes);
    for (int64_t lane = 0; lane < live; ++lane)
      for (int64_t c = 0; c < cells; ++c) out[(first + lane) * cells + c] = from[c * plan->lanes + lane];
  }
}

LACUNA_SMALL_CODE

static int draws_latents(const lacuna_plan* plan) {
  const lacuna_metadata* metadata = lacuna_about(plan->target.owner);
  for (int32_t s = 0; s < metadata->site_count; ++s)
    if (plan->run[s] && metadata->sites[s].kind == LACUNA_LATENT) return 1;
  return 0;
}

/* `held` draws, or vectors of draws: their latents, then row by row what stands on them. */
static int run_held(lacuna_plan* plan, int64_t first, int64_t count, lacuna_error* error) {
  const int64_t slots = (count + plan->lanes - 1) / plan->lanes;
  const int windowed = window_of(plan) >= 0;
  const int64_t rows = windowed ? lacuna_dim_size(plan->target.base, window_of(plan)) : 1;
  int code = LACUNA_OK;
  for (int64_t slot = 0; slot < slots; ++slot) {
    const int64_t from = first + slot * plan->lanes;
    const int64_t live = first + count - from < plan->lanes ? first + count - from : plan->lanes;
    lacuna_gather_known(plan, slot, from, live);
    if (!windowed || !draws_latents(plan)) continue;
    set_header(plan, 0, 0);
    set_arrays(plan, slot, from, 0);
    code = run_sites(plan, 1, error);
    if (code != LACUNA_OK) return code;
  }
  for (int64_t begin = 0; begin < rows; begin += windowed ? LACUNA_WINDOW : 1) {
    if (windowed) set_header(plan, begin, rows - begin < LACUNA_WINDOW ? rows - begin : LACUNA_WINDOW);
    for (int64_t slot = 0; slot < slots; ++slot) {
      set_arrays(plan, slot, first + slot * plan->lanes, begin);
      code = run_sites(plan, windowed ? 0 : -1, error);
      if (code != LACUNA_OK) return code;
    }
  }
  for (int64_t slot = 0; slot < slots; ++slot) {
    const int64_t from = first + slot * plan->lanes;
    deliver(plan, slot, from, first + count - from < plan->lanes ? first + count - from : plan->lanes);
  }
  return LACUNA_OK;
}

/* Without leave to be NaN, a cell that is says that its draw failed. */
static int check_drawn(const lacuna_plan* plan, lacuna_error* error) {
  const lacuna_descriptor* owner = plan->target.owner;
  for (int32_t s = 0; s < lacuna_about(owner)->site_count; ++s) {
    const double* out = plan->request->out[s];
    if (!out) continue;
    const int latent = lacuna_about(owner)->sites[s].kind == LACUNA_LATENT;
    const int64_t cells = lacuna_product(&plan->target, latent ? LACUNA_OF(owner, predicted)[s].known_axes : LACUNA_OF(owner, predicted)[s].axes);
    for (int64_t i = 0; i < plan->request->count * cells; ++i)
      if (out[i] != out[i]) return lacuna_fail(error, LACUNA_DRAW, s, i % cells);
  }
  return LACUNA_OK;
}

int lacuna_predict(const lacuna_prediction* request, void* workspace, lacuna_error* error) {
  lacuna_plan plan = {0};
  plan.request = request;
  int code = check_request(request, &plan, error);
  if (code != LACUNA_OK) return code;
  if (!workspace || !lacuna_aligned(workspace)) return lacuna_fail(error, LACUNA_WORKSPACE, -1, lacuna_predict_workspace(&plan.target));
  plan.which = (request->flags & LACUNA_LOG_LIKELIHOOD) != 0;
  const int64_t stride = lacuna_flag_stride(plan.target.owner);
  memset(workspace, 0, (size_t)(3 * stride));
  plan.run = (uint8_t*)workspace;
  plan.take = plan.run + stride;
  plan.fresh = plan.take + stride;
  find_fresh(&plan);
  code = find_needed(&plan, error);
  if (code != LACUNA_OK) return code;
  lacuna_plan_prediction(&plan, workspace);
  const lacuna_descriptor* owner = plan.target.owner;
  *plan.seed = (int64_t)request->seed;
  *plan.simulate = (request->flags & LACUNA_SIMULATE) != 0;
  lacuna_freeze(&plan);
  lacuna_spread(&plan);
  plan.outputs[owner->seed] = plan.seed;
  plan.outputs[owner->simulate] = plan.simulate;
  plan.outputs[owner->draw] = plan.draw;
  if (window_of(&plan) < 0) set_header(&plan, 0, 0);
  const int64_t step = held_of(&plan) * plan.lanes;
  for (int64_t first = 0; first < request->count; first += step) {
    code = run_held(&plan, first, request->count - first < step ? request->count - first : step, error);
    if (code != LACUNA_OK) return code;
  }
  const int strict = !(request->flags & (LACUNA_MISSING_NAN | LACUNA_LOG_LIKELIHOOD));
  return strict ? check_drawn(&plan, error) : LACUNA_OK;
}

LACUNA_END_SMALL_CODE
