/* A bound model as the entries see it.
 *
 *   needs    memory that bind_into filled
 *   leaves   its descriptor and sizes
 *   shown by test/embed/client/client.c
 */
#ifndef LACUNA_ENTRIES_VIEW_H
#define LACUNA_ENTRIES_VIEW_H
#include "compiler/entries/descriptor.h"

/* Bytes that may be read behind every array (codegen/layout.h). */
#define LACUNA_PADDING 512
#define LACUNA_MAGIC UINT64_C(0x4c6163756e612031)

/* What a bound model begins with; the layout's header follows at 64 bytes. */
typedef struct lacuna_prefix {
  uint64_t magic;
  const lacuna_descriptor* owner;
  uint64_t flags; /* enum lacuna_bind_flag */
  int64_t parts;  /* how many the data have, 1 where the plain functions serve */
} lacuna_prefix;

typedef struct lacuna_view {
  const lacuna_descriptor* owner;
  char* base;
} lacuna_view;

/* What concerns lists of cells, gaps and frozen values; objects of models without any get entries that lack this code
 * (Description::has_lists). */
#ifdef LACUNA_NO_LISTS
#define LACUNA_LISTED(what, none) (none)
#else
#define LACUNA_LISTED(what, none) (what)
#endif

/* Functions of other files here: in an object, all files are one. */
#ifdef LACUNA_OBJECT
#define LACUNA_INNER static
#else
#define LACUNA_INNER
#endif

/* Code that stands in every object is kept small where a call's time does not go. Pushed around such code. */
#ifdef __clang__
#define LACUNA_NOT_IN_LINE __attribute__((noinline))
#define LACUNA_LOCAL static __attribute__((unused))
#define LACUNA_SMALL_CODE _Pragma("clang attribute push(__attribute__((minsize)), apply_to = function)")
#define LACUNA_END_SMALL_CODE _Pragma("clang attribute pop")
#else
#define LACUNA_NOT_IN_LINE
#define LACUNA_LOCAL static inline
#define LACUNA_SMALL_CODE
#define LACUNA_END_SMALL_CODE
#endif

LACUNA_SMALL_CODE

#ifdef LACUNA_OBJECT
/* One place, which the optimiser does not look through, so that there is one address for the linker to write. */
__attribute__((noinline, const, preserve_most, unused)) static const lacuna_metadata* lacuna_about_this(void) {
  const lacuna_metadata* metadata = &lacuna_this_metadata;
  __asm__("" : "+r"(metadata));
  return metadata;
}
#define lacuna_about(owner) ((void)(owner), lacuna_about_this())
#else
static inline const lacuna_metadata* lacuna_about(const lacuna_descriptor* owner) { return owner->metadata; }
#endif

static inline int lacuna_predicts(const lacuna_descriptor* owner) { return owner->seed >= 0; }

LACUNA_NOT_IN_LINE LACUNA_LOCAL int lacuna_fail(lacuna_error* error, int32_t code, int32_t where, int64_t index) {
  if (error) {
    error->code = code;
    error->where = where;
    error->index = index;
  }
  return code;
}

/* Where there is nothing to say but the code. */
LACUNA_NOT_IN_LINE LACUNA_LOCAL int lacuna_refuse(lacuna_error* error, int32_t code) { return lacuna_fail(error, code, -1, -1); }

/* LACUNA_OK, LACUNA_NULL, or LACUNA_VERSION for memory that this code has not filled. */
static inline int lacuna_open_view(const void* bound, lacuna_view* view, lacuna_error* error) {
  const lacuna_prefix* prefix = (const lacuna_prefix*)bound;
  if (!bound) return lacuna_refuse(error, LACUNA_NULL);
  if (prefix->magic != LACUNA_MAGIC) return lacuna_refuse(error, LACUNA_VERSION);
#ifdef LACUNA_OBJECT
  if (prefix->owner != &lacuna_this_model) return lacuna_refuse(error, LACUNA_VERSION);
  view->owner = &lacuna_this_model;
#else
  view->owner = prefix->owner;
#endif
  view->base = (char*)bound + LACUNA_ALIGNMENT;
  return LACUNA_OK;
}

/* The same for entries that run the model: data bound for a prediction are no good. */
static inline int lacuna_open_training(const void* bound, lacuna_view* view, lacuna_error* error) {
  const int code = lacuna_open_view(bound, view, error);
  if (code == LACUNA_OK && (((const lacuna_prefix*)bound)->flags & LACUNA_FOR_PREDICTION))
    return lacuna_refuse(error, LACUNA_VERSION);
  return code;
}

static inline int64_t lacuna_slot(const char* base, int32_t slot) { return ((const int64_t*)(const void*)base)[slot]; }
static inline int64_t lacuna_dim_size(const char* base, int32_t dim) { return lacuna_slot(base, 1 + dim); }

static inline int64_t lacuna_parts(const lacuna_view* view) {
  return ((const lacuna_prefix*)(const void*)(view->base - LACUNA_ALIGNMENT))->parts;
}

static inline int64_t lacuna_product(const lacuna_view* view, lacuna_span axes) {
  int64_t total = 1;
  for (int32_t i = 0; i < axes.count; ++i)
    total *= lacuna_dim_size(view->base, LACUNA_OF(view->owner, numbers)[axes.first + i]);
  return total;
}

static inline int64_t lacuna_polynomial(const lacuna_view* view, lacuna_span terms) {
  int64_t total = 0;
  for (int32_t i = 0; i < terms.count; ++i) {
    const lacuna_size_term* term = &LACUNA_OF(view->owner, terms)[terms.first + i];
    total += term->coefficient * lacuna_product(view, term->dims);
  }
  return total;
}

static inline int64_t lacuna_rounded(int64_t bytes) {
  return (bytes + LACUNA_ALIGNMENT - 1) & -(int64_t)LACUNA_ALIGNMENT;
}

static inline int lacuna_aligned(const void* memory) { return (uintptr_t)memory % LACUNA_ALIGNMENT == 0; }

#ifdef LACUNA_OBJECT
static inline lacuna_compiled lacuna_code_behind(const void* table, int32_t run, int32_t work) {
  lacuna_compiled code = {0, 0};
  if (run) code.run = (int (*)(const lacuna_frame*))((uintptr_t)table + (uintptr_t)(intptr_t)run);
  if (work) code.work = (int64_t (*)(const void*))((uintptr_t)table + (uintptr_t)(intptr_t)work);
  return code;
}
#define LACUNA_ONE(table, info) lacuna_code_behind(table, (info)->run, (info)->work)
#define LACUNA_MANY(table, info) lacuna_code_behind(table, (info)->run_many, (info)->work_many)
#define LACUNA_RESOLVE(owner, function, block)
typedef lacuna_function_place lacuna_function_known;
#else
#define LACUNA_ONE(table, info) ((info)->one)
#define LACUNA_MANY(table, info) ((info)->many)
#define LACUNA_RESOLVE(owner, function, block) if ((owner)->resolve) return (owner)->resolve(owner, function, block)
typedef lacuna_function_info lacuna_function_known;
#endif

/* A function's code; null functions when the model has it not. */
static inline lacuna_compiled lacuna_code_of(const lacuna_descriptor* owner, int32_t function, int block) {
  const lacuna_function_known* info = &LACUNA_OF(owner, functions)[function];
  static const lacuna_compiled none = {0, 0};
  if (info->results < 0 || (block && !info->block)) return none;
  LACUNA_RESOLVE(owner, function, block);
  return block ? LACUNA_MANY(LACUNA_OF(owner, functions), info) : LACUNA_ONE(LACUNA_OF(owner, functions), info);
}

static inline lacuna_compiled lacuna_binding(const lacuna_descriptor* owner, int32_t number) {
  LACUNA_RESOLVE(owner, LACUNA_FUNCTION_COUNT + number, 0);
#ifdef LACUNA_OBJECT
  return LACUNA_ONE(lacuna_this_bindings, &lacuna_this_bindings[number]);
#else
  return owner->bindings[number];
#endif
}

static inline lacuna_compiled lacuna_prediction_code(const lacuna_descriptor* owner, int32_t site, int32_t which,
                                                     int block) {
  const int32_t number = 2 * site + which;
  const lacuna_function_known* info = &LACUNA_OF(owner, predictions)[number];
  LACUNA_RESOLVE(owner, LACUNA_FUNCTION_COUNT + owner->binding_count + number, block);
  return block ? LACUNA_MANY(LACUNA_OF(owner, predictions), info) : LACUNA_ONE(LACUNA_OF(owner, predictions), info);
}

LACUNA_END_SMALL_CODE

/* Entries, by file. */
int lacuna_bind_size(const lacuna_model* self, const lacuna_dimension* dimensions, const lacuna_array* arguments,
                     int64_t* bytes, lacuna_error* error);
int lacuna_bind_into(const lacuna_model* self, const lacuna_dimension* dimensions, const lacuna_array* arguments,
                     uint32_t flags, void* memory, int64_t bytes, lacuna_error* error);
int lacuna_shape_of(const void* bound, lacuna_shape* out, lacuna_error* error);
int lacuna_cells_of(const void* bound, int32_t site, int64_t* positions, lacuna_error* error);
int64_t lacuna_workspace_size(const void* bound, int32_t entry, int64_t draws);
int lacuna_log_density(const void* bound, const double* point, uint32_t flags, void* workspace, double* value,
                       lacuna_error* error);
int lacuna_log_density_gradient(const void* bound, const double* point, uint32_t flags, void* workspace, double* value,
                                double* gradient, lacuna_error* error);
int lacuna_log_density_hvp(const void* bound, const double* point, const double* direction, uint32_t flags,
                           void* workspace, double* value, double* gradient, double* product, lacuna_error* error);
int lacuna_log_density_block(const void* bound, int64_t draws, int64_t stride, const double* points, uint32_t flags,
                             void* workspace, double* values, lacuna_error* error);
int lacuna_log_density_gradient_block(const void* bound, int64_t draws, int64_t stride, const double* points,
                                      uint32_t flags, void* workspace, double* values, double* gradients,
                                      lacuna_error* error);
int lacuna_log_density_hvp_block(const void* bound, int64_t draws, int64_t stride, const double* points,
                                 const double* directions, uint32_t flags, void* workspace, double* values,
                                 double* gradients, double* products, lacuna_error* error);
int lacuna_terms(const void* bound, const double* point, uint32_t flags, void* workspace, double* totals,
                 int64_t* not_finite, lacuna_error* error);
int lacuna_natural_density(const void* bound, const double* values, uint32_t flags, void* workspace, double* value,
                           double* gradient, lacuna_error* error);
int lacuna_natural_terms(const void* bound, const double* values, void* workspace, double* totals, int64_t* not_finite,
                         lacuna_error* error);
int lacuna_natural_pointwise(const void* bound, const double* values, void* workspace, double* const* out,
                             lacuna_error* error);
int lacuna_unconstrain(const void* bound, const double* values, void* workspace, double* point, lacuna_error* error);
int lacuna_constrain(const void* bound, const double* point, void* workspace, double* values, lacuna_error* error);
int lacuna_pointwise(const void* bound, const double* point, void* workspace, double* const* out, lacuna_error* error);

int64_t lacuna_message(const lacuna_model* self, const lacuna_error* error, char* text, int64_t bytes);
int lacuna_predict(const lacuna_prediction* request, void* workspace, lacuna_error* error);
LACUNA_INNER int64_t lacuna_predict_workspace(const lacuna_view* target);

/* How many parts the data shall have; the doubles of one part's result (parts.c). */
LACUNA_INNER int64_t lacuna_count_parts(const lacuna_view* view);
LACUNA_INNER int64_t lacuna_partial(const lacuna_view* view);
LACUNA_INNER int lacuna_run_all_parts(const lacuna_view* view, const double* point, uint32_t flags, int64_t parts, void* workspace,
                         double* value, double* gradient, lacuna_error* error);
int lacuna_density_part(const void* bound, const double* point, uint32_t flags, int32_t part, const double* scale,
                        void* workspace, double* partial, lacuna_error* error);
int lacuna_density_finish(const void* bound, const double* point, uint32_t flags, const double* scale,
                          const double* partials, void* workspace, double* value, double* gradient,
                          lacuna_error* error);

/* The caller's arrays into a bound model: sizes are in its header, which starts at `base`. Both are in bind's files. */
/* What is wrong with an element that holds no value of its type: LACUNA_MISSING, LACUNA_VALUE or LACUNA_INDEX. */
LACUNA_INNER int lacuna_fault(const lacuna_argument_info* info, const lacuna_array* array, int64_t element);
LACUNA_INNER int lacuna_import(const lacuna_descriptor* owner, const lacuna_array* arguments, uint32_t flags, char* base,
                  lacuna_error* error);
/* Whether binding reads an argument where the caller has it: decided by its form, not by its values. */
LACUNA_INNER int lacuna_is_borrowed(const lacuna_descriptor* owner, const lacuna_buffer* buffer, const lacuna_array* arguments);
/* Once data are bound: forgets inputs that are not kept, and clears what they leave behind packed cells. */
LACUNA_INNER void lacuna_release_inputs(const lacuna_descriptor* owner, char* base);
/* The keys of labels, where there are some. */
LACUNA_INNER void lacuna_import_keys(const lacuna_descriptor* owner, const lacuna_dimension* dimensions, char* base);

LACUNA_SMALL_CODE

/* The bytes of an array with its padding. */
static inline int64_t lacuna_padded(int64_t bytes) { return lacuna_rounded(bytes + LACUNA_PADDING); }
static inline int64_t lacuna_element_bytes(int32_t kind) {
  return kind == LACUNA_INDEX_OF ? 4 : kind == LACUNA_BOOL ? 1 : 8;
}

LACUNA_END_SMALL_CODE
#endif
