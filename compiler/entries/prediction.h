/* One call of `predict`: what is needed, where it lies in the workspace, and in what shares it is done.
 *
 *   needs    a bound target
 *   leaves   the same addresses for the query of a size and for the call
 *   shown by test/unit/jit/prediction_test.cpp
 *
 * Two ways, of the same digits. Where rows are few or follow each other, LACUNA_BLOCK_DRAWS draws stand in the lanes of vectors;
 * arrays are then [element][draw]. Else a function runs for one draw after the other with rows in the lanes, through a stretch
 * of rows ("window") that stays in the cache for a block of draws.
 */
#ifndef LACUNA_ENTRIES_PREDICTION_H
#define LACUNA_ENTRIES_PREDICTION_H
#include "compiler/entries/view.h"

/* Rows in one window; a multiple of every tile. */
#define LACUNA_WINDOW 512
/* Draws whose latents are held at once while rows are in the lanes. */
#define LACUNA_HELD_DRAWS 16
/* Cells from which on rows stand in the lanes. */
#define LACUNA_MANY_CELLS 64

enum lacuna_way { LACUNA_DRAWS_IN_LANES = 0, LACUNA_ROWS_IN_LANES = 1 };

typedef struct lacuna_plan {
  lacuna_view target;
  const lacuna_prediction* request; /* null while only the size is asked */
  lacuna_view training;             /* base null: from the prior */
  int32_t which;                    /* of the two functions of an observed site */
  int32_t way, any_in_order;        /* enum lacuna_way; something that runs does so in order */
  int32_t lanes;                    /* draws side by side: 1 or LACUNA_BLOCK_DRAWS */
  int32_t window_dim;               /* -1: all rows at once */
  int64_t held;                     /* draws, or vectors of draws, whose latents are held */
  int64_t known_numbers;            /* doubles for the latents of one of these */

  /* In the workspace. */
  uint8_t *run, *take;   /* [site]: its function runs; its known values are taken */
  uint8_t* fresh;        /* [module's dimension]: it has new elements */
  char* header;          /* the target's, with sizes and offsets of the window */
  void** outputs;        /* what the functions get */
  char** spread;         /* [buffer]: a packed input's cells where they belong */
  int64_t *seed, *simulate, *draw;
  int64_t **keys, **maps; /* [module's dimension] */
  int64_t* known_at;      /* [site]: where its known values begin among those of a draw */
  double* known;          /* [held][known_numbers] */
  double** made;          /* [site]: cells that are not the caller's */
  void* work;
  int64_t bytes;
} lacuna_plan;

/* Windows, which models without a dimension of rows have none of (Description::has_windows). */
#ifdef LACUNA_NO_WINDOWS
#define LACUNA_WINDOWED(what, none) (none)
#else
#define LACUNA_WINDOWED(what, none) (what)
#endif
static inline int32_t window_of(const lacuna_plan* plan) { return LACUNA_WINDOWED(plan->window_dim, ((void)plan, -1)); }
static inline int64_t held_of(const lacuna_plan* plan) { return LACUNA_WINDOWED(plan->held, ((void)plan, (int64_t)1)); }

/* The flags at the beginning of a workspace: `run`, `take`, `fresh`, these many bytes each. */
static inline int64_t lacuna_flag_stride(const lacuna_descriptor* owner) {
  const int64_t sites = lacuna_about(owner)->site_count;
  return lacuna_rounded(sites > owner->dim_count ? sites : owner->dim_count);
}
static inline int64_t lacuna_flag_bytes(const lacuna_descriptor* owner) { return 3 * lacuna_flag_stride(owner); }

/* Which of a site's functions a call runs. */
static inline int32_t lacuna_function_of(const lacuna_plan* plan, int32_t site) {
  return lacuna_about(plan->target.owner)->sites[site].kind == LACUNA_OBSERVED ? plan->which : 0;
}

/* Decides how, and lays the workspace out. */
LACUNA_INNER void lacuna_plan_prediction(lacuna_plan* plan, void* workspace);
/* The elements of `axes` along which a window runs: of the window, else all. */
LACUNA_INNER int64_t lacuna_window_cells(const lacuna_plan* plan, lacuna_span axes);
/* Fills the known values of vector `slot`, whose first draw is column `first` of the request's draws. */
LACUNA_INNER void lacuna_gather_known(const lacuna_plan* plan, int64_t slot, int64_t first, int64_t live);
/* Fills what keeps the values of the training data. */
LACUNA_INNER void lacuna_freeze(const lacuna_plan* plan);
/* Fills the arrays of packed inputs. */
LACUNA_INNER void lacuna_spread(const lacuna_plan* plan);

#endif
