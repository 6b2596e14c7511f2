/* How a prediction is done, and what its workspace holds. */
#include <string.h>

#include "compiler/entries/prediction.h"

LACUNA_SMALL_CODE

static int64_t window_size(const lacuna_plan* plan, int32_t dim) {
  const int64_t size = lacuna_dim_size(plan->target.base, dim);
  return dim == window_of(plan) && size > LACUNA_WINDOW ? LACUNA_WINDOW : size;
}

LACUNA_INNER int64_t lacuna_window_cells(const lacuna_plan* plan, lacuna_span axes) {
  int64_t total = 1;
  for (int32_t i = 0; i < axes.count; ++i) total *= window_size(plan, LACUNA_OF(plan->target.owner, numbers)[axes.first + i]);
  return total;
}

/* The next stretch of the workspace; only its length while the size is asked. */
LACUNA_NOT_IN_LINE static void* carve(lacuna_plan* plan, void* workspace, int64_t bytes) {
  char* at = workspace ? (char*)workspace + plan->bytes : 0;
  plan->bytes += lacuna_rounded(bytes);
  return at;
}

static int is_latent(const lacuna_plan* plan, int32_t s) {
  return lacuna_about(plan->target.owner)->sites[s].kind == LACUNA_LATENT;
}

/* What is run in a call; of a query, what may be. */
static int runs(const lacuna_plan* plan, int32_t s) {
  if (plan->request) return plan->run[s];
  const lacuna_predicted* site = &LACUNA_OF(plan->target.owner, predicted)[s];
  if (!site->there[lacuna_function_of(plan, s)]) return 0;
  const int few = lacuna_product(&plan->target, site->axes) < LACUNA_MANY_CELLS;
  return plan->way == LACUNA_ROWS_IN_LANES || plan->any_in_order || few;
}

typedef struct traits {
  int64_t most_cells;
  int in_order, some_window;
  int32_t window; /* of all, or -1 */
} traits;

static traits look(const lacuna_plan* plan) {
  const lacuna_descriptor* owner = plan->target.owner;
  traits found = {0, 0, 0, -1};
  int first = 1;
  for (int32_t s = 0; s < lacuna_about(owner)->site_count; ++s) {
    const lacuna_predicted* site = &LACUNA_OF(owner, predicted)[s];
    const int32_t which = lacuna_function_of(plan, s);
    if (!(plan->request ? plan->run[s] : site->there[which])) continue;
    found.in_order |= site->in_order[which];
    if (is_latent(plan, s)) continue;
    const int64_t cells = lacuna_product(&plan->target, site->axes);
    if (cells > found.most_cells) found.most_cells = cells;
    const int32_t window = LACUNA_WINDOWED(site->window[which], -1);
    if (window >= 0) found.some_window = 1;
    if (first) found.window = window;
    if (window != found.window) found.window = -1;
    first = 0;
  }
  return found;
}

/* Rows in the lanes where there are many and nothing runs in order; in windows where every function can. */
static void choose_way(lacuna_plan* plan) {
  const traits found = look(plan);
  plan->any_in_order = found.in_order;
  if (plan->request) plan->way = found.in_order || found.most_cells < LACUNA_MANY_CELLS ? LACUNA_DRAWS_IN_LANES : LACUNA_ROWS_IN_LANES;
  const int rows = plan->way == LACUNA_ROWS_IN_LANES;
  plan->lanes = rows ? 1 : LACUNA_BLOCK_DRAWS;
  plan->window_dim = rows ? found.window : -1;
  plan->held = rows && found.some_window ? LACUNA_HELD_DRAWS : 1;
}

/* The most that a function takes. */
static int64_t prediction_work(const lacuna_plan* plan) {
  const lacuna_descriptor* owner = plan->target.owner;
  int64_t most = 0;
  for (int32_t s = 0; s < lacuna_about(owner)->site_count; ++s) {
    if (!runs(plan, s)) continue;
    const lacuna_predicted* site = &LACUNA_OF(owner, predicted)[s];
    const int32_t which = lacuna_function_of(plan, s);
    int64_t bytes = site->scratch[which] * (LACUNA_PADDING + LACUNA_ALIGNMENT);
    for (int32_t i = 0; i < site->work[which].count; ++i) {
      const lacuna_size_term* term = &LACUNA_OF(owner, terms)[site->work[which].first + i];
      bytes += 8 * plan->lanes * term->coefficient * lacuna_window_cells(plan, term->dims);
    }
    if (bytes > most) most = bytes;
  }
  return most;
}

LACUNA_INNER void lacuna_plan_prediction(lacuna_plan* plan, void* workspace) {
  const lacuna_descriptor* owner = plan->target.owner;
  const int64_t sites = lacuna_about(owner)->site_count, dims = owner->dim_count;
  choose_way(plan);
  plan->bytes = lacuna_flag_bytes(owner); /* run, take, fresh */
  plan->header = (char*)carve(plan, workspace, owner->header_bytes);
  plan->outputs = (void**)carve(plan, workspace, (int64_t)owner->output_count * (int64_t)sizeof(void*));
  plan->seed = (int64_t*)carve(plan, workspace, 8);
  plan->simulate = (int64_t*)carve(plan, workspace, 8);
  plan->draw = (int64_t*)carve(plan, workspace, 8 * LACUNA_BLOCK_DRAWS);
  plan->keys = (int64_t**)carve(plan, workspace, dims * (int64_t)sizeof(int64_t*));
  plan->maps = (int64_t**)carve(plan, workspace, dims * (int64_t)sizeof(int64_t*));
  for (int32_t d = 0; d < dims; ++d) {
    if (LACUNA_OF(owner, dims)[d].key < 0) continue;
    const int64_t bytes = lacuna_padded(8 * window_size(plan, d));
    void* keys = carve(plan, workspace, bytes);
    void* map = carve(plan, workspace, bytes);
    if (!workspace) continue;
    plan->keys[d] = (int64_t*)keys;
    plan->maps[d] = (int64_t*)map;
  }
  for (int32_t i = 0; i < LACUNA_LISTED(owner->frozen_count, 0); ++i) {
    const lacuna_buffer* buffer = &LACUNA_OF(owner, buffers)[LACUNA_OF(owner, frozen)[i].buffer];
    void* copy = carve(plan, workspace, lacuna_padded(lacuna_product(&plan->target, buffer->axes) * 8));
    if (workspace) plan->outputs[LACUNA_OF(owner, frozen)[i].output] = copy;
  }
  plan->spread = (char**)carve(plan, workspace, (int64_t)owner->buffer_count * (int64_t)sizeof(char*));
  for (int32_t b = 0; b < owner->buffer_count; ++b) {
    if (LACUNA_LISTED(LACUNA_OF(owner, buffers)[b].packed, -1) < 0) continue;
    void* copy = carve(plan, workspace, lacuna_padded(lacuna_product(&plan->target, LACUNA_OF(owner, buffers)[b].axes) * 8));
    if (workspace) plan->spread[b] = (char*)copy;
  }
  plan->known_at = (int64_t*)carve(plan, workspace, sites * 8);
  plan->made = (double**)carve(plan, workspace, sites * (int64_t)sizeof(double*));
  plan->known_numbers = 0;
  for (int32_t s = 0; s < sites; ++s) {
    const lacuna_predicted* site = &LACUNA_OF(owner, predicted)[s];
    if (workspace) plan->known_at[s] = plan->known_numbers;
    if (site->known >= 0)
      plan->known_numbers += lacuna_padded(lacuna_product(&plan->target, site->known_axes) * 8 * plan->lanes) / 8;
    if (site->out < 0 || !runs(plan, s)) continue;
    void* made = carve(plan, workspace, lacuna_padded(lacuna_window_cells(plan, site->axes) * 8 * plan->lanes));
    if (workspace) plan->made[s] = (double*)made;
  }
  plan->known = (double*)carve(plan, workspace, held_of(plan) * plan->known_numbers * 8);
  plan->work = carve(plan, workspace, prediction_work(plan));
}

/* An upper bound for whatever is asked of the target. */
LACUNA_INNER int64_t lacuna_predict_workspace(const lacuna_view* target) {
  int64_t most = 0;
  for (int32_t way = 0; way < 4; ++way) {
    lacuna_plan plan = {0};
    plan.target = *target;
    plan.which = way & 1;
    plan.way = way & 2 ? LACUNA_ROWS_IN_LANES : LACUNA_DRAWS_IN_LANES;
    lacuna_plan_prediction(&plan, 0);
    if (plan.bytes > most) most = plan.bytes;
  }
  return most;
}

LACUNA_END_SMALL_CODE
