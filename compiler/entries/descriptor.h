/* What the entries know of one model: constant tables, and the functions that were generated for it.
 *
 *   needs    C99; the tables that describe.h makes
 *   leaves   constant data: filled at run time for the JIT, written into an object by aot
 *   shown by test/unit/jit/gallery_test.cpp, test/embed/client/client.c
 *
 * Where a bound model keeps things is said in codegen/layout.h. Tables refer to each other by position; -1 is none.
 */
#ifndef LACUNA_ENTRIES_DESCRIPTOR_H
#define LACUNA_ENTRIES_DESCRIPTOR_H
#include <stdint.h>

#include "lacuna/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What every generated function gets: codegen::Frame. */
typedef struct lacuna_frame {
  void* bound;
  const double* point;
  double* gradient;
  const double* direction;
  double* product;
  void* work;
  void* const* outputs;
  void* results;
  const void* arguments;
  int64_t* failure; /* null: conditions on data are not tested */
  int64_t without_jacobian; /* 1: log-Jacobians are left out */
  const double* scales;     /* [site] that the terms of a site are multiplied by; null: 1 */
} lacuna_frame;

/* A generated function (0, or 1 when a check failed) and the bytes of workspace it needs. */
typedef struct lacuna_compiled {
  int (*run)(const lacuna_frame* frame);
  int64_t (*work)(const void* base);
} lacuna_compiled;

/* A stretch of `numbers`, or of `terms`. */
typedef struct lacuna_span {
  int32_t first, count;
} lacuna_span;

/* coefficient * (product of the sizes of the dimensions in `dims`) */
typedef struct lacuna_size_term {
  int64_t coefficient;
  lacuna_span dims;
} lacuna_size_term;

enum lacuna_dim_origin { LACUNA_DIM_GIVEN = 0, LACUNA_DIM_DERIVED = 1, LACUNA_DIM_CELLS = 2 };

enum lacuna_dim_rule { LACUNA_DIM_SUM = 0, LACUNA_DIM_QUOTIENT = 1, LACUNA_DIM_LEAST = 2, LACUNA_DIM_GREATEST = 3 };

/* A dimension of the module. Its size stands in the header's slot 1 + its position. */
typedef struct lacuna_dim {
  int32_t origin;    /* enum lacuna_dim_origin */
  int32_t dimension; /* given: the metadata's, or -1 */
  int64_t preset;    /* given: the size when nobody says; -1: none */
  lacuna_span terms; /* derived: a sum of terms */
  int32_t rule;      /* derived: enum lacuna_dim_rule, of that sum and another */
  lacuna_span other;
  lacuna_span most;  /* cells: the dimensions whose product bounds it */
  int32_t space;     /* cells: the space */
  int32_t keys;      /* the header's slot with the offset of its labels' keys, 0 there: none were given */
  int32_t key, map;  /* the arrays of `predict` for keys and known elements; -1: nothing reads them */
} lacuna_dim;

/* A buffer in the bound model. Its offset stands in `slot`, that of its presence bytes in `slot` + 1 (reals have none:
 * what is missing is NaN).
 *
 * What binding alone reads need not be kept: such an input is read where the caller has it, if it lies as ours do. An
 * input whose cells are gathered (packed_inputs.h) shares its memory with them; predictions spread them out again. */
typedef struct lacuna_buffer {
  int32_t argument; /* the metadata's argument that it holds; -1: made by binding */
  int32_t element;  /* enum lacuna_kind */
  int32_t codes;    /* indices: the dimension */
  int32_t optional; /* 1: has presence bytes */
  int32_t listable; /* 1: a list of cells stays one (codegen/listed_inputs.h) */
  int32_t fill;     /* elements of the first axis are filled up to a multiple of this; 0: they are not */
  int32_t passing;  /* 1: an input that nothing reads once data are bound */
  int32_t packed;   /* the buffer that gathers an input's present cells and takes its place, or -1 */
  int32_t packs;    /* of that buffer: the space whose cells it has; -1: it is none */
  int32_t slot;
  lacuna_span axes;
} lacuna_buffer;

/* Lists of cells, one for each value of the parameters; `most`: the dimensions whose product bounds the cells of all.
 * The header has their number in `slot`, then the offsets of the starts of lists and of the
 * coordinates of each axis. */
typedef struct lacuna_space {
  lacuna_span parameters, dims, most;
  int32_t slot;
  int32_t listed_by; /* the argument of a listable buffer that has all its cells, or -1 */
} lacuna_space;

/* What belongs to a site of the metadata. */
typedef struct lacuna_site {
  int32_t has_coordinates, has_term;
  lacuna_span coordinates; /* axes of its stretch of the vector */
  int32_t scored;          /* observed: the space of its scored cells; -1: all */
  int32_t cells;           /* partial: the space that lists its cells */
  int32_t natural;         /* the output of `constrain` */
  lacuna_span natural_axes;
  int32_t back;            /* the output of `unconstrain`; its axes are those of the coordinates */
  int32_t pointwise; /* the output of `pointwise` */
  lacuna_span pointwise_axes;
} lacuna_site;

/* What `predict` does for a site of the metadata. Its two functions draw, and give the log likelihood. */
typedef struct lacuna_predicted {
  int32_t out;                        /* the output it fills; -1: none */
  lacuna_span axes;                   /* of that */
  int32_t known;                      /* the array of values that the fit has, for latents and imputed cells; -1: none */
  lacuna_span known_axes;
  lacuna_span reads[2], takes[2];     /* of each function: sites whose outputs it reads, whose known values it takes */
  int32_t there[2], in_order[2];      /* 1: the model has it; 1: it runs along something in order */
  int32_t window[2];                  /* the dimension that it can be run through in stretches; -1: none */
  lacuna_span work[2];                /* terms: the elements of its scratch arrays, */
  int32_t scratch[2];                 /* and how many these are */
} lacuna_predicted;

/* A value of the training data that predictions read: the output that it is handed in by, and the buffer of the bound
 * model that holds it. */
typedef struct lacuna_frozen {
  int32_t output, buffer;
} lacuna_frozen;

/* A condition that binding tests, by the number that generated code gives it: one of the program's, or that an
 * argument's cells that are read hold something. */
typedef struct lacuna_check {
  int32_t check;    /* the metadata's, or -1 */
  int32_t argument; /* the argument whose cell must hold a value, or -1 */
} lacuna_check;

/* Functions of stage draw. */
enum lacuna_function {
  LACUNA_LOG_DENSITY_FUNCTION = 0,
  LACUNA_GRADIENT_FUNCTION = 1,
  LACUNA_HVP_FUNCTION = 2,
  LACUNA_TERMS_FUNCTION = 3,
  LACUNA_CONSTRAIN_FUNCTION = 4,
  LACUNA_POINTWISE_FUNCTION = 5,
  LACUNA_UNCONSTRAIN_FUNCTION = 6,
  LACUNA_ROWS_FUNCTION = 7, /* its gradient; arguments: the number of the part, and of how many */
  LACUNA_REST_FUNCTION = 8, /* its gradient */
  LACUNA_OBJECT_FUNCTION_COUNT = 9, /* objects have those before */
  LACUNA_NATURAL_FUNCTION = 9,
  LACUNA_NATURAL_GRADIENT_FUNCTION = 10,
  LACUNA_NATURAL_TERMS_FUNCTION = 11,
  LACUNA_NATURAL_POINTWISE_FUNCTION = 12,
  LACUNA_FUNCTION_COUNT = 13
};

/* Draws in one call of a block version. */
#define LACUNA_BLOCK_DRAWS 8

typedef struct lacuna_function_info {
  int32_t results; /* how many, 8 bytes each; -1: the model has no such function */
  int32_t block;   /* 1: there is a version for LACUNA_BLOCK_DRAWS draws */
  lacuna_compiled one, many;
} lacuna_function_info;

/* A loop whose iterations parts share: over the cells of a space, or else a dimension; `work` (terms) is about how many
 * instructions one iteration has. */
typedef struct lacuna_row_loop {
  int32_t space, dim;
  lacuna_span work;
} lacuna_row_loop;

/* Numbers first, then addresses, which an object does without (LACUNA_OF). */
typedef struct lacuna_descriptor {
  int64_t header_bytes;
  int32_t dim_count, buffer_count, space_count, output_count, check_count, binding_count, row_loop_count;
  int32_t seed, draw, simulate;    /* arrays of `predict` with one number each; -1: the model has no `predict` */
  int32_t frozen_count;
  lacuna_span coordinates;         /* terms: the number of all coordinates */

  const lacuna_metadata* metadata;
  const lacuna_dim* dims;
  const lacuna_buffer* buffers;
  const lacuna_space* spaces;
  const lacuna_site* sites;        /* as the metadata's */
  const lacuna_check* checks;
  const lacuna_predicted* predicted; /* as the metadata's sites */
  const lacuna_frozen* frozen;
  const int32_t* dimensions;       /* of the metadata: the module's, or -1 */
  const int32_t* numbers;          /* positions of dimensions */
  const lacuna_size_term* terms;
  const lacuna_function_info* functions; /* LACUNA_FUNCTION_COUNT */
  const lacuna_row_loop* row_loops;
  const lacuna_compiled* bindings;     /* functions of stage data, in order */
  const lacuna_function_info* predictions; /* [site][draws, log likelihood] */

  /* Of a JIT, which compiles a function when it is first asked for; null in objects. `function` from
   * LACUNA_FUNCTION_COUNT on is a binding, behind these one of `predictions`. May give null functions. */
  lacuna_compiled (*resolve)(const struct lacuna_descriptor* self, int32_t function, int32_t block);
  const void* resolver;
} lacuna_descriptor;

/* In an object, functions stand so many bytes behind the start of the table that names them; 0: there is none. */
typedef struct lacuna_function_place {
  int32_t results, block; /* as in lacuna_function_info */
  int32_t run, work, run_many, work_many;
} lacuna_function_place;

typedef struct lacuna_binding_place {
  int32_t run, work;
} lacuna_binding_place;

#ifndef LACUNA_OBJECT
#define LACUNA_OF(owner, table) ((owner)->table)
#else
/* An object has one model. Its tables are constants with a name each, at distances from the code that are known: addresses would
 * have to be written while loading, and each takes 32 bytes of the object. */
#define LACUNA_OF(owner, table) ((void)(owner), lacuna_this_##table)
#define LACUNA_HIDDEN __attribute__((visibility("hidden")))
extern const lacuna_descriptor lacuna_this_model LACUNA_HIDDEN;
extern const lacuna_metadata lacuna_this_metadata LACUNA_HIDDEN;
extern const lacuna_function_place lacuna_this_functions[] LACUNA_HIDDEN, lacuna_this_predictions[] LACUNA_HIDDEN;
extern const lacuna_binding_place lacuna_this_bindings[] LACUNA_HIDDEN;
#define LACUNA_DESCRIPTOR_TABLE(type, name, count) extern const type lacuna_this_##name[] LACUNA_HIDDEN;
#include "compiler/entries/descriptor_tables.def"
#undef LACUNA_DESCRIPTOR_TABLE
#endif

/* Sets the entries that the model has functions for. `context` of the table becomes the descriptor, which must outlive
 * it. */
void lacuna_set_entries(const lacuna_descriptor* descriptor, lacuna_model* table);

#ifdef __cplusplus
}
#endif
#endif
