/* bind_size and bind_into. */
#include <string.h>

#include "compiler/entries/view.h"

LACUNA_SMALL_CODE

/* The sizes of a module's dimensions, as far as the caller's sizes decide them: an upper bound for lists of cells.
 * Wrong once a size is missing or a product overflows. */
typedef struct sizes {
  const lacuna_descriptor* owner;
  const lacuna_dimension* given;
  const lacuna_array* arguments; /* may be null */
  int overflow;
} sizes;

static int64_t times(sizes* s, int64_t a, int64_t b) {
  int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) s->overflow = 1;
  return product;
}

static int64_t plus(sizes* s, int64_t a, int64_t b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) s->overflow = 1;
  return sum;
}

static int64_t most(sizes* s, int32_t dim);

static int64_t most_product(sizes* s, lacuna_span span) {
  int64_t total = 1;
  for (int32_t i = 0; i < span.count; ++i) total = times(s, total, most(s, LACUNA_OF(s->owner, numbers)[span.first + i]));
  return total;
}

/* How many cells a list has; -1: the argument is none. */
static int64_t listed(const sizes* s, int32_t argument) {
  if (argument < 0 || !s->arguments || !s->arguments[argument].coordinates) return -1;
  return s->arguments[argument].cells > 0 ? s->arguments[argument].cells : 0;
}

static int64_t most_cells(sizes* s, const lacuna_space* space) {
  const int64_t cells = listed(s, space->listed_by);
  return cells >= 0 ? cells : most_product(s, space->most);
}

static int64_t given_size(const sizes* s, const lacuna_dim* dim) {
  if (dim->dimension < 0) return dim->preset;
  const int64_t size = s->given[dim->dimension].size;
  return size >= 0 ? size : lacuna_about(s->owner)->dimensions[dim->dimension].declared_size;
}

static int64_t most_sum(sizes* s, lacuna_span terms) {
  int64_t total = 0;
  for (int32_t i = 0; i < terms.count; ++i) {
    const lacuna_size_term* term = &LACUNA_OF(s->owner, terms)[terms.first + i];
    total = plus(s, total, times(s, term->coefficient, most_product(s, term->dims)));
  }
  return total;
}

/* Rounded down; by 0: 0. */
static int64_t quotient(int64_t a, int64_t b) {
  if (b == 0 || (b == -1 && a == INT64_MIN)) return 0;
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static int64_t most(sizes* s, int32_t number) {
  const lacuna_dim* dim = &LACUNA_OF(s->owner, dims)[number];
  if (dim->origin == LACUNA_DIM_GIVEN) return given_size(s, dim);
  if (LACUNA_LISTED(dim->origin == LACUNA_DIM_CELLS, 0)) return most_cells(s, &LACUNA_OF(s->owner, spaces)[dim->space]);
  const int64_t size = most_sum(s, dim->terms);
  if (dim->rule == LACUNA_DIM_SUM) return size;
  const int64_t other = most_sum(s, dim->other);
  if (dim->rule == LACUNA_DIM_QUOTIENT) return quotient(size, other);
  return (dim->rule == LACUNA_DIM_LEAST) == (size < other) ? size : other;
}

/* Every given size is there, and what is declared holds. */
static int check_sizes(const sizes* s, lacuna_error* error) {
  const lacuna_descriptor* owner = s->owner;
  for (int32_t i = 0; i < owner->dim_count; ++i) {
    const lacuna_dim* dim = &LACUNA_OF(owner, dims)[i];
    if (dim->origin != LACUNA_DIM_GIVEN) continue;
    const int64_t size = given_size(s, dim);
    if (size < 0) return lacuna_fail(error, LACUNA_DIMENSION, dim->dimension, 0);
    if (dim->dimension < 0) continue;
    const lacuna_dimension_info* info = &lacuna_about(owner)->dimensions[dim->dimension];
    if (size < info->least) return lacuna_fail(error, LACUNA_DIMENSION, dim->dimension, info->least);
    if (info->pinned && size != info->declared_size)
      return lacuna_fail(error, LACUNA_DIMENSION, dim->dimension, info->declared_size);
    if (dim->dimension >= 0 && size > INT64_C(0x7fffffff)) return lacuna_refuse(error, LACUNA_SIZE);
  }
  for (int32_t i = 0; i < owner->dim_count; ++i) {
    sizes of = *s;
    if (most(&of, i) < 0) return lacuna_fail(error, LACUNA_DIMENSION, LACUNA_OF(owner, dims)[i].dimension, 0);
    if (of.overflow) return lacuna_fail(error, LACUNA_DIMENSION, -1, 0);
  }
  return LACUNA_OK;
}

LACUNA_NOT_IN_LINE static int64_t buffer_bytes(sizes* s, const lacuna_buffer* buffer) {
  int64_t count = 1;
  const int64_t cells = LACUNA_LISTED(buffer->listable, 0) ? listed(s, buffer->argument) : -1;
  if (cells >= 0)
    return plus(s, lacuna_padded(times(s, cells, lacuna_element_bytes(buffer->element))),
                lacuna_padded(times(s, plus(s, cells, 1), 8)));
  /* Cells that are packed lie where their input does, unless that is a list. */
  for (int32_t i = 0; LACUNA_LISTED(buffer->packs, -1) >= 0 && i < s->owner->buffer_count; ++i) {
    const lacuna_buffer* input = &LACUNA_OF(s->owner, buffers)[i];
    if (input->packed >= 0 && &LACUNA_OF(s->owner, buffers)[input->packed] == buffer && !(input->listable && listed(s, input->argument) >= 0)) return 0;
  }
  for (int32_t k = 0; k < buffer->axes.count; ++k) {
    int64_t size = most(s, LACUNA_OF(s->owner, numbers)[buffer->axes.first + k]);
    if (k == 0 && buffer->fill > 0) size = times(s, plus(s, size, buffer->fill - 1) / buffer->fill, buffer->fill);
    count = times(s, count, size);
  }
  const int kept = LACUNA_LISTED(buffer->packed, -1) >= 0 || !lacuna_is_borrowed(s->owner, buffer, s->arguments);
  int64_t bytes = kept ? lacuna_padded(times(s, count, lacuna_element_bytes(buffer->element))) : 0;
  if (LACUNA_LISTED(buffer->optional, 0)) bytes = plus(s, bytes, lacuna_padded(most_product(s, buffer->axes)));
  return bytes;
}

static int64_t space_bytes(sizes* s, const lacuna_space* space) {
  const int64_t lists = most_product(s, space->parameters);
  const int64_t cells = most_cells(s, space);
  const int64_t starts = lacuna_padded(times(s, plus(s, lists, 1), 8));
  return plus(s, starts, times(s, space->dims.count, lacuna_padded(times(s, cells, 4))));
}

static int check_table(const lacuna_model* self, lacuna_error* error) {
  if (!self) return lacuna_refuse(error, LACUNA_NULL);
  if (self->version != LACUNA_ABI_VERSION || self->struct_size < sizeof(lacuna_model))
    return lacuna_refuse(error, LACUNA_VERSION);
  return LACUNA_OK;
}

static const lacuna_descriptor* descriptor_of(const lacuna_model* self) {
#ifdef LACUNA_OBJECT
  (void)self;
  return &lacuna_this_model;
#else
  return (const lacuna_descriptor*)self->context;
#endif
}

int lacuna_bind_size(const lacuna_model* self, const lacuna_dimension* dimensions, const lacuna_array* arguments,
                     int64_t* bytes, lacuna_error* error) {
  int code = check_table(self, error);
  if (code != LACUNA_OK) return code;
  const lacuna_descriptor* owner = descriptor_of(self);
  if (!bytes || (!dimensions && lacuna_about(owner)->dimension_count > 0)) return lacuna_refuse(error, LACUNA_NULL);
  sizes s = {owner, dimensions, arguments, 0};
  code = check_sizes(&s, error);
  if (code != LACUNA_OK) return code;
  int64_t total = owner->header_bytes + LACUNA_ALIGNMENT;
  for (int32_t i = 0; i < owner->buffer_count; ++i) total = plus(&s, total, buffer_bytes(&s, &LACUNA_OF(owner, buffers)[i]));
  for (int32_t i = 0; i < LACUNA_LISTED(owner->space_count, 0); ++i) total = plus(&s, total, space_bytes(&s, &LACUNA_OF(owner, spaces)[i]));
  for (int32_t i = 0; i < owner->dim_count; ++i) {
    const lacuna_dim* dim = &LACUNA_OF(owner, dims)[i];
    if (dim->key >= 0 && dim->dimension >= 0 && dimensions[dim->dimension].keys)
      total = plus(&s, total, lacuna_padded(times(&s, most(&s, i), 8)));
  }
  if (s.overflow) return lacuna_refuse(error, LACUNA_SIZE);
  *bytes = total;
  return LACUNA_OK;
}

/* What a failed condition says of itself: its number, then its cell. */
static int explain_failure(const lacuna_descriptor* owner, const lacuna_array* arguments, const int64_t* failure,
                           lacuna_error* error) {
  const int known = failure[0] >= 0 && failure[0] < owner->check_count;
  const lacuna_check* check = known ? &LACUNA_OF(owner, checks)[failure[0]] : 0;
  if (!check) return lacuna_fail(error, LACUNA_CHECK, -1, failure[1]);
  if (check->argument >= 0) {
    const int fault = lacuna_fault(&lacuna_about(owner)->arguments[check->argument], &arguments[check->argument], failure[1]);
    return lacuna_fail(error, fault, check->argument, failure[1]);
  }
  return lacuna_fail(error, LACUNA_CHECK, check->check, failure[1]);
}

int lacuna_bind_into(const lacuna_model* self, const lacuna_dimension* dimensions, const lacuna_array* arguments,
                     uint32_t flags, void* memory, int64_t bytes, lacuna_error* error) {
  int64_t needed = 0;
  int code = lacuna_bind_size(self, dimensions, arguments, &needed, error);
  if (code != LACUNA_OK) return code;
  const lacuna_descriptor* owner = descriptor_of(self);
  if (!memory || (!arguments && lacuna_about(owner)->argument_count > 0)) return lacuna_refuse(error, LACUNA_NULL);
  if (flags & ~(uint32_t)LACUNA_FOR_PREDICTION) return lacuna_refuse(error, LACUNA_ARGUMENT);
  if (bytes < needed || !lacuna_aligned(memory)) return lacuna_fail(error, LACUNA_WORKSPACE, -1, needed);
  memset(memory, 0, sizeof(lacuna_prefix));
  char* base = (char*)memory + LACUNA_ALIGNMENT;
  int64_t* header = (int64_t*)(void*)base;
  memset(base, 0, (size_t)owner->header_bytes);
  sizes s = {owner, dimensions, arguments, 0};
  for (int32_t i = 0; i < owner->dim_count; ++i) header[1 + i] = most(&s, i);
  code = lacuna_import(owner, arguments, flags, base, error);
  if (code != LACUNA_OK) return code;
  lacuna_import_keys(owner, dimensions, base);
  int64_t failure[16] = {0};
  const int predicting = (flags & LACUNA_FOR_PREDICTION) != 0;
  for (int32_t i = 0; i < owner->binding_count; ++i) {
    lacuna_frame frame = {0};
    frame.bound = base;
    frame.failure = predicting ? 0 : failure;
    const lacuna_compiled binding = lacuna_binding(owner, i);
    if (!binding.run) return lacuna_refuse(error, LACUNA_ABSENT);
    if (binding.run(&frame) != 0) return explain_failure(owner, arguments, failure, error);
  }
  lacuna_release_inputs(owner, base);
  const lacuna_view view = {owner, base};
  const lacuna_prefix prefix = {LACUNA_MAGIC, owner, flags, lacuna_count_parts(&view)};
  memcpy(memory, &prefix, sizeof prefix);
  return LACUNA_OK;
}

LACUNA_END_SMALL_CODE
