/* A compiled model as a table of functions: the one interface between models and whoever runs them.
 *
 *   needs    C99; nothing is linked
 *   leaves   the same table from the JIT, an object, a shared library and the interpreter
 *   shown by test/unit/runtime/abi_c99.c
 *
 * Common rules. Entries are re-entrant, keep no state, never allocate, print, throw or abort, and may be called by any
 * number of threads on one bound model, each with a workspace of its own. Each returns an enum lacuna_code and, when
 * `error` is not null and the code is not LACUNA_OK, fills it. Absent entries are null. Memory belongs to the caller;
 * bound models and workspaces begin at a multiple of 64 bytes; a bound model may be moved with memcpy. Vectors over
 * coordinates, values and cells are of double unless said otherwise.
 *
 *   coordinate  one number of the unconstrained vector that inference moves
 *   value       one number of a latent on its natural scale; sites in the order of metadata->parameters, each row-major
 *   stride      in a block of draws the number at [k][draw] is at k * stride + draw, stride >= draws
 */
#ifndef LACUNA_MODEL_H
#define LACUNA_MODEL_H
#include <stdint.h>

#include "lacuna/data.h"
#include "lacuna/metadata.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LACUNA_ABI_VERSION 1u
#define LACUNA_ALIGNMENT 64
#define LACUNA_MAX_PARTS 64

/* Flags of the density entries. */
enum lacuna_flag {
  LACUNA_JACOBIAN = 1,   /* add the log-Jacobian of the transform: the density of the unconstrained vector */
  LACUNA_NORMALISED = 2, /* add the terms that do not depend on coordinates */
  LACUNA_GRADIENT = 4    /* density_part, density_finish: with the gradient */
};

/* Flags of `bind_into`. */
enum lacuna_bind_flag {
  /* New data of a prediction: any argument may be left out or have gaps, a NaN is missing everywhere, what is outside
   * its type counts as missing, and conditions on data are not tested; cells that read such values are predicted as
   * missing. A model bound so serves as `target` of `predict` and nothing else. */
  LACUNA_FOR_PREDICTION = 1
};

/* For `workspace_size`: which entry a workspace is for. */
enum lacuna_entry {
  LACUNA_ENTRY_LOG_DENSITY = 0,
  LACUNA_ENTRY_LOG_DENSITY_GRADIENT = 1,
  LACUNA_ENTRY_DENSITY_PART = 2,
  LACUNA_ENTRY_DENSITY_FINISH = 3,
  LACUNA_ENTRY_HVP = 4,
  LACUNA_ENTRY_CONSTRAIN = 5,
  LACUNA_ENTRY_UNCONSTRAIN = 6,
  LACUNA_ENTRY_TERMS = 7,
  LACUNA_ENTRY_POINTWISE = 8,
  LACUNA_ENTRY_PREDICT = 9,
  LACUNA_ENTRY_NATURAL_DENSITY = 10,
  LACUNA_ENTRY_NATURAL_TERMS = 11,
  LACUNA_ENTRY_NATURAL_POINTWISE = 12
};

/* What `shape` tells of a bound model. The caller sets the pointers, null for what it does not want. */
typedef struct lacuna_shape {
  int64_t* dimension_sizes;  /* [dimension], derived ones too */
  int64_t* site_coordinates; /* [site], 0 where it has none */
  int64_t* site_values;      /* [site] */
  int64_t* site_scored;      /* [site] observed: cells that are scored */
  int64_t* site_left_out;    /* [site] observed: cells of its axes that are not */
  int64_t coordinates;       /* out: of all sites */
  int64_t values;            /* out: of all latents with coordinates */
  int64_t parts;             /* out: 1 to LACUNA_MAX_PARTS */
  int64_t partial;           /* out: doubles in the partial result of one part; at multiples of 64 bytes it is written fastest */
} lacuna_shape;

/* One call of `predict`. */
typedef struct lacuna_prediction {
  uint32_t struct_size;
  uint32_t flags;             /* enum lacuna_predict_flag */
  const void* training;       /* the bound training data, or null: all is drawn from the prior */
  const void* target;         /* the bound new data; the training data again for a predictive check */
  const int64_t* const* maps; /* [dimension][new element]: its training element, -1 for a new one; null: by position */
  const double* draws;        /* training latents [value][draw]; null with `training` null */
  int64_t stride;
  int64_t first, count; /* the draws wanted: columns first to first + count - 1; keys use the column's number */
  uint64_t seed;
  double* const* out; /* [site] -> [draw - first][cell of the site's axes], or null: not wanted. Latents, observed
                       * sites, imputed cells (the whole array: scored cells as they are) and outputs alike */
} lacuna_prediction;

enum lacuna_predict_flag {
  LACUNA_SIMULATE = 1,    /* a read of an observed array takes the draw, also where a value is supplied */
  LACUNA_MISSING_NAN = 2, /* cells that cannot be predicted become NaN; without it they are LACUNA_DRAW */
  LACUNA_LOG_LIKELIHOOD = 4 /* observed sites give, in place of draws, the normalised log density of the value that the
                             * target holds, NaN in cells that are not scored; that of an event stands at its first element, NaN at
                             * the others */
};

/* Random numbers of `predict`: Philox 4x32-10 (Salmon et al. 2011; Random123) with key = seed and the counter
 * { low and high half of the cell's key, draw, site << 16 | block }. The sources of chance of a draw, in the order of its
 * expression, take the blocks s, s + 64, s + 128, ... each, s = 0, 1, ...; those of an array's element share four and
 * add the element's position to the key. The key
 * of a cell: 0 without axes; over one axis its label's key (lacuna_dimension); over more, axis by axis from the first,
 * key = mix(key) ^ next with mix(k) = (k ^ (k >> 32)) * 0x9E3779B97F4A7C15. Sites from 0xFF00 on are the runtime's own.
 */
typedef struct lacuna_model {
  uint32_t struct_size; /* sizeof(lacuna_model) where the table was made; read nothing beyond it */
  uint32_t version;     /* LACUNA_ABI_VERSION; another one is another interface */
  const lacuna_metadata* metadata;

  /* An upper bound, in bytes, of the bound model for these sizes. `dimensions` and `arguments` are in the metadata's
   * order; of `arguments`, which may be null, the form is read (dtypes, strides, `cells`), no element. Arrays whose
   * strides are null, or all where `arguments` is, are given room for any form. `self` is this table. */
  int (*bind_size)(const struct lacuna_model* self, const lacuna_dimension* dimensions, const lacuna_array* arguments,
                   int64_t* bytes, lacuna_error* error);

  /* Checks sizes, types, values and the program's conditions on data, computes what depends on data alone and writes
   * the bound model into `memory`. Inputs may be freed afterwards. Binding again into the same memory is allowed while
   * no other call uses it. `flags`: enum lacuna_bind_flag. On an error the memory holds nothing. */
  int (*bind_into)(const struct lacuna_model* self, const lacuna_dimension* dimensions, const lacuna_array* arguments,
                   uint32_t flags, void* memory, int64_t bytes, lacuna_error* error);

  /* Sizes of what the other entries read and write. */
  int (*shape)(const void* bound, lacuna_shape* shape, lacuna_error* error);

  /* The row-major positions, within the site's axes, of a latent's elements or of an observed site's scored cells
   * (site_values or site_scored of them), in the order in which `constrain` and `pointwise` give them. */
  int (*cells)(const void* bound, int32_t site, int64_t* positions, lacuna_error* error);

  /* Bytes of workspace for one call of `entry` (enum lacuna_entry), over `draws` points for the block versions; -1 when
   * the table lacks the entry. Entries take a null workspace where this is 0. */
  int64_t (*workspace_size)(const void* bound, int32_t entry, int64_t draws);

  /* log p at `point` [coordinate]. A density of -inf, or one that is NaN, is a value, not an error. */
  int (*log_density)(const void* bound, const double* point, uint32_t flags, void* workspace, double* value,
                     lacuna_error* error);

  /* The same with its gradient [coordinate], every element of which is overwritten; it means nothing unless the value
   * is finite. */
  int (*log_density_gradient)(const void* bound, const double* point, uint32_t flags, void* workspace, double* value,
                              double* gradient, lacuna_error* error);

  /* One of the `parts` of the sum, into `partial` (shape.partial doubles). Which terms belong to a part depends on the
   * data only. `scale` [site] multiplies each site's total, as `terms` gives it, and its gradient; null means 1. So
   * a minibatch, whose rows are bound as data, counts for all n rows with n over its own number of rows at the sites of
   * its rows. All parts and density_finish take the same scale. What belongs to no row, and sums that depend on data
   * alone, are added by density_finish, so some of the parts are no minibatch. */
  int (*density_part)(const void* bound, const double* point, uint32_t flags, int32_t part, const double* scale,
                      void* workspace, double* partial, lacuna_error* error);

  /* Adds all parts, [part][shape.partial], in their fixed order, with what belongs to no part. `gradient` is written
   * with LACUNA_GRADIENT, else it may be null. Bit for bit what log_density_gradient gives where `scale` is null. */
  int (*density_finish)(const void* bound, const double* point, uint32_t flags, const double* scale,
                        const double* partials, void* workspace, double* value, double* gradient, lacuna_error* error);

  /* The Hessian at `point` times `direction` [coordinate], with value and gradient. Null where it is not compiled. */
  int (*log_density_hvp)(const void* bound, const double* point, const double* direction, uint32_t flags,
                         void* workspace, double* value, double* gradient, double* product, lacuna_error* error);

  /* Several points at once: `points`, `directions`, `gradients`, `products` are [coordinate][draw], `values` is [draw].
   */
  int (*log_density_block)(const void* bound, int64_t draws, int64_t stride, const double* points, uint32_t flags,
                           void* workspace, double* values, lacuna_error* error);
  int (*log_density_gradient_block)(const void* bound, int64_t draws, int64_t stride, const double* points,
                                    uint32_t flags, void* workspace, double* values, double* gradients,
                                    lacuna_error* error);
  int (*log_density_hvp_block)(const void* bound, int64_t draws, int64_t stride, const double* points,
                               const double* directions, uint32_t flags, void* workspace, double* values,
                               double* gradients, double* products, lacuna_error* error);

  /* From the unconstrained vector to natural values, and back. */
  int (*constrain)(const void* bound, const double* point, void* workspace, double* values, lacuna_error* error);
  int (*unconstrain)(const void* bound, const double* values, void* workspace, double* point, lacuna_error* error);

  /* Each site's total log density [site] (0 where it has none), and how many of its cells are not finite [site]. */
  int (*terms)(const void* bound, const double* point, uint32_t flags, void* workspace, double* totals,
               int64_t* not_finite, lacuna_error* error);

  /* The normalised log density of each scored cell: out[site] is [scored cell], null where it is not wanted. */
  int (*pointwise)(const void* bound, const double* point, void* workspace, double* const* out, lacuna_error* error);

  /* Draws of observed sites, imputed cells, summed-out and new latents, and outputs. */
  int (*predict)(const lacuna_prediction* request, void* workspace, lacuna_error* error);

  /* The density and its gradient [value] at natural values; null in objects. */
  int (*natural_density)(const void* bound, const double* values, uint32_t flags, void* workspace, double* value,
                         double* gradient, lacuna_error* error);

  /* An error in words, with the program's names and lines ("radon.ppl:7: `floor` has a gap where none is allowed, at
   * element 3"), into `text` (`bytes` of them, cut when too few, always ended by a zero byte). Returns the length of the
   * whole message without that byte, as snprintf does. */
  int64_t (*message)(const struct lacuna_model* self, const lacuna_error* error, char* text, int64_t bytes);

  /* `terms` and `pointwise` at natural values; null in objects. */
  int (*natural_terms)(const void* bound, const double* values, void* workspace, double* totals, int64_t* not_finite,
                       lacuna_error* error);
  int (*natural_pointwise)(const void* bound, const double* values, void* workspace, double* const* out,
                           lacuna_error* error);

  /* Of a JIT or interpreter that owns the table, which may refer to it from the models it binds; null in objects. */
  void* context;
} lacuna_model;

/* 1 for a table that this header describes. Ask it of a table from elsewhere (a shared library) before anything else:
 * entries themselves refuse a table of another version with LACUNA_VERSION, where they get it. */
static inline int lacuna_is_readable(const lacuna_model* model) {
  return model && model->version == LACUNA_ABI_VERSION && model->struct_size >= sizeof(lacuna_model);
}

#ifdef __cplusplus
}
#endif
#endif
