/* The library: fits opened and predictions made, for programs in C. lacuna/lacuna.hpp is the same for C++.
 *
 *   needs    a compiled model (lacuna/model.h), the library liblacuna; neither the compiler nor NetCDF
 *   leaves   objects that the caller frees
 *   shown by examples/score_server/, test/embed/client.c
 *
 * Common rules. A function that can fail returns 0 or a code: one of enum lacuna_code, or LACUNA_SAID where no other fits.
 * `said`, when not null, then holds the reason in words (a zero byte at its end, cut to the buffer). Nothing aborts,
 * throws or prints. An opened fit does not change and may be used by any number of threads; a predictor by one at a
 * time. Positions are those of the model's header.
 */
#ifndef LACUNA_LACUNA_H
#define LACUNA_LACUNA_H
#include "lacuna/model.h"

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

/* Beside enum lacuna_code: what the words say (a file that is none, memory that is lacking). */
#define LACUNA_SAID 100

/* Where a reason goes, in words. */
typedef struct lacuna_said {
  char text[512];
} lacuna_said;

typedef struct lacuna_fit lacuna_fit;
typedef struct lacuna_predictor lacuna_predictor;

/* Opens a file that `lacuna fit -o NAME.lfit` wrote, with the model of the same program. Codes: LACUNA_VERSION when the
 * model is of another version of the interface, or the fit of another program. `*fit` is to be closed. */
int lacuna_fit_open(const lacuna_model* model, const char* path, lacuna_fit** fit, lacuna_said* said);
void lacuna_fit_close(lacuna_fit* fit);

/* How many draws it holds, and the draws of all latents: [value][draw], one row after the other (lacuna_model's
 * `values`, in the order of metadata->parameters). */
int64_t lacuna_fit_draw_count(const lacuna_fit* fit);
const double* lacuna_fit_draws(const lacuna_fit* fit);
/* The data of the fit as a bound model. */
const void* lacuna_fit_bound(const lacuna_fit* fit);
/* How many elements a dimension has in the fit; -1 when there is no such dimension. */
int64_t lacuna_fit_size(const lacuna_fit* fit, int32_t dimension);
/* The label of an element, null where it has none; and the element of a label, -1 when the fit has it not. */
const char* lacuna_fit_label(const lacuna_fit* fit, int32_t dimension, int64_t element);
int64_t lacuna_fit_element(const lacuna_fit* fit, int32_t dimension, const char* label);
/* The key by which random numbers of an element go that has this label (lacuna_dimension.keys). */
uint64_t lacuna_label_key(const char* label);

/* New data to predict for. */
typedef struct lacuna_new_data {
  /* [dimension] how many elements; -1: the fit's own, all of them. Keys as in lacuna_dimension. */
  const lacuna_dimension* dimensions;
  /* [dimension][element] its element in the fit, -1 for one that the fit has not seen; null, or null for a dimension: with
   * a size given, all are new. */
  const int64_t* const* maps;
  /* [argument] as in `bind_into`. One that is not given (rank -1) is taken from the fit where all of its dimensions are
   * the fit's own, and is missing elsewhere. */
  const lacuna_array* arguments;
} lacuna_new_data;

/* All memory that predicting needs, for data of these sizes, for the wanted sites, for at most `draws` draws a call.
 * `fit` null: from the prior, without a fit; all sizes must then be given. Codes: LACUNA_ABSENT when the model cannot be
 * predicted; LACUNA_DIMENSION for a new element of a dimension that may have none; those of `bind_into`. `*predictor` is
 * to be freed, before the fit is closed. */
int lacuna_predictor_make(const lacuna_model* model, const lacuna_fit* fit, const lacuna_new_data* data,
                          const int32_t* sites, int32_t site_count, int64_t draws, lacuna_predictor** predictor,
                          lacuna_said* said);
void lacuna_predictor_free(lacuna_predictor* predictor);

/* Other values of the same sizes, in place of those that it was made with. Allocates nothing. After an error it has no
 * data until it is bound again. */
int lacuna_predictor_bind(lacuna_predictor* predictor, const lacuna_array* arguments, lacuna_error* error);

/* How many numbers one draw of a wanted site has. */
int64_t lacuna_predictor_cells(const lacuna_predictor* predictor, int32_t site);

/* Draws `first` to `first + count - 1` (count at most the `draws` that it was made for) of the wanted sites, into
 * out[i] for the i-th wanted site: [draw][cell], NaN where there is no prediction. The same seed and draws give the same
 * numbers, in whatever portions. Allocates nothing. */
int lacuna_predictor_run(lacuna_predictor* predictor, int64_t first, int64_t count, uint64_t seed, double* const* out,
                         lacuna_error* error);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
