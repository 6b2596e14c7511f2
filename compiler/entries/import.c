/* The caller's arrays into a bound model: one layout, whatever the dtypes, strides and gaps were. */
#include <string.h>

#include "compiler/entries/view.h"

LACUNA_SMALL_CODE

typedef struct import {
  const lacuna_buffer* buffer;
  const lacuna_array* array;
  const lacuna_argument_info* info;
  const lacuna_descriptor* owner;
  const char* base;
  int64_t count;
  int64_t codes; /* indices lie in [0, codes) */
  char* elements;
  uint8_t* presence;    /* null: it has none */
  int64_t* numbers;     /* of a list that stays one: the cells', behind how many there are; else null */
  int borrowed;         /* the caller's elements serve */
  int lenient;          /* what is not a value of the type is a gap */
  int64_t gap, bad, at; /* the first element that is missing, the first outside its type, the next one; -1: none */
} import;

static const int64_t kBytes[] = {8, 4, 8, 4, 1};

static double read_real(const char* from, int32_t dtype) {
  double f64 = 0;
  float f32 = 0;
  int64_t i64 = 0;
  int32_t i32 = 0;
  switch (dtype) {
    case LACUNA_F64:
      memcpy(&f64, from, 8);
      return f64;
    case LACUNA_F32:
      memcpy(&f32, from, 4);
      return (double)f32;
    case LACUNA_I64:
      memcpy(&i64, from, 8);
      return (double)i64;
    case LACUNA_I32:
      memcpy(&i32, from, 4);
      return (double)i32;
    default:
      return (double)*(const uint8_t*)from;
  }
}

static int64_t read_whole(const char* from, int32_t dtype) {
  int64_t i64 = 0;
  int32_t i32 = 0;
  if (dtype == LACUNA_I64) {
    memcpy(&i64, from, 8);
    return i64;
  }
  if (dtype == LACUNA_I32) {
    memcpy(&i32, from, 4);
    return i32;
  }
  return *(const uint8_t*)from;
}

LACUNA_END_SMALL_CODE

/* Bounds that are infinite, or that are not known, bound nothing. */
static int finite(double x) { return x - x == 0; }

static int inside(const lacuna_type* type, double x) {
  if (finite(type->lower) && ((type->open & 1) ? !(x > type->lower) : !(x >= type->lower))) return 0;
  if (finite(type->upper) && ((type->open & 2) ? !(x < type->upper) : !(x <= type->upper))) return 0;
  return 1;
}

/* Stores element `to` and says whether it is there. An index that is no code of its dimension is stored as 0, so that
 * nothing reads astray. */
static int put(import* in, int64_t to, const char* from, int here) {
  const lacuna_type* type = &in->info->type;
  const int scalar = type->structure == LACUNA_SCALAR;
  int good = 1;
  if (in->buffer->element == LACUNA_REAL) {
    double value = here ? read_real(from, in->array->dtype) : __builtin_nan("");
    if (value != value) here = 0;
    good = !here || !scalar || inside(type, value);
    if (!good && in->lenient) value = __builtin_nan("");
    memcpy(in->elements + 8 * to, &value, 8);
  } else {
    int64_t value = here ? read_whole(from, in->array->dtype) : 0;
    if (in->buffer->element == LACUNA_INDEX_OF) {
      good = !here || (value >= 0 && value < in->codes);
      const int32_t code = (int32_t)(good ? value : 0);
      memcpy(in->elements + 4 * to, &code, 4);
    } else if (in->buffer->element == LACUNA_BOOL) {
      in->elements[to] = value != 0;
    } else {
      good = !here || inside(type, (double)value);
      if (!good && in->lenient) value = 0;
      memcpy(in->elements + 8 * to, &value, 8);
    }
  }
  if (!good && in->bad < 0) in->bad = to;
  if (!here && in->gap < 0) in->gap = to;
  const int present = here && (good || !in->lenient);
  if (in->presence) in->presence[to] = present ? 1 : 0;
  return present;
}

static int is_bounded(const lacuna_type* type) { return type->structure == LACUNA_SCALAR && (finite(type->lower) || finite(type->upper)); }

/* Reals as ours are, one after the other. */
static int lies_as_ours(const lacuna_buffer* buffer, const lacuna_argument_info* info, const lacuna_array* array) {
  if (buffer->element != LACUNA_REAL || array->dtype != LACUNA_F64 || array->present || array->coordinates) return 0;
  if (array->rank != info->rank || (array->rank > 0 && (!array->sizes || !array->strides))) return 0;
  int64_t stride = 8;
  for (int32_t k = array->rank; k-- > 0;) {
    if (array->sizes[k] > 1 && array->strides[k] != stride) return 0;
    stride *= array->sizes[k];
  }
  return 1;
}

LACUNA_INNER int lacuna_is_borrowed(const lacuna_descriptor* owner, const lacuna_buffer* buffer, const lacuna_array* arguments) {
  if (!arguments || buffer->argument < 0 || LACUNA_LISTED(!buffer->passing && buffer->packed < 0, 1)) return 0;
  const lacuna_array* array = &arguments[buffer->argument];
  const lacuna_argument_info* info = &lacuna_about(owner)->arguments[buffer->argument];
  /* Where what lies outside a type may count as a gap, it is made one. */
  if (is_bounded(&info->type) && (lacuna_predicts(owner) || (info->flags & LACUNA_UNCHECKED))) return 0;
  return (uintptr_t)array->data % 8 == 0 && lies_as_ours(buffer, info, array);
}

static void dense_axis(import* in, int32_t axis, int64_t offset) {
  if (axis == in->buffer->axes.count) {
    const int64_t i = in->at++;
    put(in, i, (const char*)in->array->data + offset, !in->array->present || in->array->present[i]);
    return;
  }
  for (int64_t i = 0; i < in->array->sizes[axis]; ++i) dense_axis(in, axis + 1, offset + i * in->array->strides[axis]);
}

static void check_bounds(import* in) {
  const double nan = __builtin_nan("");
  for (int64_t i = 0; i < in->count && in->bad < 0; ++i) {
    double value = 0;
    memcpy(&value, in->elements + 8 * i, 8);
    if (value != value || inside(&in->info->type, value)) continue;
    if (!in->lenient) in->bad = i;
    if (in->lenient && !in->borrowed) memcpy(in->elements + 8 * i, &nan, 8);
  }
}

static int64_t first_nan(const double* values, int64_t count) {
  for (int64_t i = 0; i < count; ++i)
    if (values[i] != values[i]) return i;
  return -1;
}

LACUNA_SMALL_CODE

static void dense(import* in) {
  if (lies_as_ours(in->buffer, in->info, in->array)) {
    if (in->count > 0 && !in->borrowed) memcpy(in->elements, in->array->data, (size_t)in->count * 8);
    if (is_bounded(&in->info->type)) check_bounds(in);
    if (!in->lenient && !(in->info->flags & LACUNA_OPTIONAL)) in->gap = first_nan((const double*)in->array->data, in->count);
    return;
  }
  dense_axis(in, 0, 0);
}

/* Nothing is there until it is listed. */
static void clear(import* in) {
  const int64_t bytes = lacuna_element_bytes(in->buffer->element);
  memset(in->elements, 0, (size_t)(in->count * bytes));
  if (in->presence) memset(in->presence, 0, (size_t)in->count);
  const double nan = __builtin_nan("");
  for (int64_t i = 0; in->buffer->element == LACUNA_REAL && i < in->count; ++i) memcpy(in->elements + 8 * i, &nan, 8);
}

/* The row-major number of listed cell c; -1 when its coordinates lie outside. */
static int64_t number_of(const import* in, int64_t c) {
  int64_t number = 0;
  for (int32_t k = 0; k < in->buffer->axes.count; ++k) {
    const int64_t at = in->array->coordinates[k][c], size = in->array->sizes[k];
    if (at < 0 || at >= size) return -1;
    number = number * size + at;
  }
  return number;
}

static void swap_cells(import* in, int64_t a, int64_t b) {
  const int64_t bytes = lacuna_element_bytes(in->buffer->element);
  char held[8];
  memcpy(held, in->elements + a * bytes, (size_t)bytes);
  memcpy(in->elements + a * bytes, in->elements + b * bytes, (size_t)bytes);
  memcpy(in->elements + b * bytes, held, (size_t)bytes);
  const int64_t number = in->numbers[a];
  in->numbers[a] = in->numbers[b];
  in->numbers[b] = number;
}

/* Lets cell `at` sink to its place in the heap of the first `count`. */
static void sink(import* in, int64_t at, int64_t count) {
  for (int64_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
    if (child + 1 < count && in->numbers[child] < in->numbers[child + 1]) ++child;
    if (in->numbers[at] >= in->numbers[child]) return;
    swap_cells(in, at, child);
    at = child;
  }
}

/* Heapsort: the list is sorted where it is. */
static void sort_cells(import* in, int64_t count) {
  int sorted = 1;
  for (int64_t c = 1; c < count; ++c) sorted &= in->numbers[c - 1] < in->numbers[c];
  if (sorted) return;
  for (int64_t at = count / 2; at-- > 0;) sink(in, at, count);
  for (int64_t last = count; last-- > 1;) {
    swap_cells(in, 0, last);
    sink(in, 0, last);
  }
}

/* A list that stays one: the cells that hold a value, in order. The first whose coordinates lie outside; -1 if none
 * does. */
static int64_t list(import* in) {
  const lacuna_array* array = in->array;
  int64_t count = 0;
  for (int64_t c = 0; c < array->cells; ++c) {
    const int64_t number = number_of(in, c), bad = in->bad;
    if (number < 0) return c;
    const char* from = (const char*)array->data + c * kBytes[array->dtype];
    const int there = put(in, count, from, !array->present || array->present[c]);
    if (in->bad != bad) in->bad = number;
    if (there) in->numbers[count++] = number;
  }
  in->numbers[-1] = count;
  sort_cells(in, count);
  return -1;
}

/* The first listed cell whose coordinates lie outside; -1 if none does. */
static int64_t sparse(import* in) {
  const lacuna_array* array = in->array;
  clear(in);
  for (int64_t c = 0; c < array->cells; ++c) {
    const int64_t to = number_of(in, c);
    if (to < 0) return c;
    put(in, to, (const char*)array->data + c * kBytes[array->dtype], !array->present || array->present[c]);
  }
  if (in->gap < 0 && array->cells < in->count) in->gap = 0;
  return -1;
}

/* What must hold before an array is read. */
static int check_array(const import* in, int32_t argument, lacuna_error* error) {
  const lacuna_array* array = in->array;
  if (array->rank != in->info->rank) return lacuna_fail(error, LACUNA_TYPE, argument, -1);
  if (array->dtype < LACUNA_F64 || array->dtype > LACUNA_U8) return lacuna_fail(error, LACUNA_TYPE, argument, -1);
  if (array->coordinates && !LACUNA_LISTED(in->info->flags & LACUNA_SPARSE, 0)) return lacuna_fail(error, LACUNA_TYPE, argument, -1);
  if (in->buffer->element != LACUNA_REAL && array->dtype <= LACUNA_F32)
    return lacuna_fail(error, LACUNA_TYPE, argument, -1);
  const int listed = LACUNA_LISTED(array->coordinates != 0, 0);
  if (array->rank > 0 && (!array->sizes || (!listed && !array->strides)))
    return lacuna_fail(error, LACUNA_NULL, argument, -1);
  for (int32_t k = 0; k < in->buffer->axes.count; ++k) {
    const int64_t size = lacuna_dim_size(in->base, LACUNA_OF(in->owner, numbers)[in->buffer->axes.first + k]);
    if (array->sizes[k] != size) return lacuna_fail(error, LACUNA_SIZE, argument, k);
    if (listed && !array->coordinates[k]) return lacuna_fail(error, LACUNA_NULL, argument, k);
  }
  if (listed && array->cells < 0) return lacuna_fail(error, LACUNA_SIZE, argument, -1);
  if (!array->data && in->count > 0 && !(listed && array->cells == 0))
    return lacuna_fail(error, LACUNA_NULL, argument, -1);
  return LACUNA_OK;
}

/* Fresh memory behind what is in use, its padding zero. The offset. */
LACUNA_NOT_IN_LINE static int64_t take(char* base, int64_t bytes) {
  int64_t* header = (int64_t*)(void*)base;
  const int64_t offset = header[0];
  memset(base + offset + bytes, 0, (size_t)(lacuna_padded(bytes) - bytes));
  header[0] += lacuna_padded(bytes);
  return offset;
}

LACUNA_INNER void lacuna_import_keys(const lacuna_descriptor* owner, const lacuna_dimension* dimensions, char* base) {
  int64_t* header = (int64_t*)(void*)base;
  for (int32_t i = 0; i < owner->dim_count; ++i) {
    const lacuna_dim* dim = &LACUNA_OF(owner, dims)[i];
    if (dim->key < 0 || dim->dimension < 0 || !dimensions[dim->dimension].keys) continue;
    const int64_t bytes = 8 * lacuna_dim_size(base, i);
    header[dim->keys] = take(base, bytes);
    memcpy(base + header[dim->keys], dimensions[dim->dimension].keys, (size_t)bytes);
  }
}

LACUNA_NOT_IN_LINE static int import_buffer(import* in, int32_t argument, uint32_t flags, lacuna_error* error) {
  const uint32_t kind = in->info->flags;
  const int predicting = (flags & LACUNA_FOR_PREDICTION) != 0;
  in->lenient = predicting || (kind & LACUNA_UNCHECKED);
  if (predicting && in->array->rank == -1) {
    clear(in);
    return LACUNA_OK;
  }
  const int code = check_array(in, argument, error);
  if (code != LACUNA_OK) return code;
  if (LACUNA_LISTED(in->array->coordinates != 0, 0)) {
    const int64_t outside = in->numbers ? list(in) : sparse(in);
    if (outside >= 0) return lacuna_fail(error, LACUNA_INDEX, argument, outside);
  } else {
    dense(in);
  }
  if (in->lenient) return LACUNA_OK;
  if (in->bad >= 0)
    return lacuna_fail(error, in->buffer->element == LACUNA_INDEX_OF ? LACUNA_INDEX : LACUNA_VALUE, argument, in->bad);
  if (in->gap >= 0 && !(kind & LACUNA_OPTIONAL)) return lacuna_fail(error, LACUNA_MISSING, argument, in->gap);
  return LACUNA_OK;
}

LACUNA_INNER int lacuna_fault(const lacuna_argument_info* info, const lacuna_array* array, int64_t element) {
  int64_t cell = -1, offset = 0;
  if (LACUNA_LISTED(array->coordinates != 0, 0)) {
    for (int64_t c = 0; c < array->cells && cell < 0; ++c) {
      int64_t number = 0;
      for (int32_t k = 0; k < array->rank; ++k) number = number * array->sizes[k] + array->coordinates[k][c];
      if (number == element) cell = c;
    }
    if (cell < 0) return LACUNA_MISSING;
    offset = cell * kBytes[array->dtype];
  } else {
    cell = element;
    for (int32_t k = array->rank; k-- > 0; element /= array->sizes[k])
      offset += element % array->sizes[k] * array->strides[k];
  }
  if (array->present && !array->present[cell]) return LACUNA_MISSING;
  const double value = read_real((const char*)array->data + offset, array->dtype);
  if (value != value) return LACUNA_MISSING;
  return info->type.kind == LACUNA_INDEX_OF ? LACUNA_INDEX : LACUNA_VALUE;
}

LACUNA_INNER int lacuna_import(const lacuna_descriptor* owner, const lacuna_array* arguments, uint32_t flags, char* base,
                  lacuna_error* error) {
  int64_t* header = (int64_t*)(void*)base;
  header[0] = owner->header_bytes;
  for (int32_t b = 0; b < owner->buffer_count; ++b) {
    const lacuna_buffer* buffer = &LACUNA_OF(owner, buffers)[b];
    if (buffer->argument < 0) continue;
    import in = {0};
    in.buffer = buffer;
    in.array = &arguments[buffer->argument];
    in.info = &lacuna_about(owner)->arguments[buffer->argument];
    in.owner = owner;
    in.base = base;
    in.gap = in.bad = -1;
    const lacuna_view view = {owner, base};
    in.count = lacuna_product(&view, buffer->axes);
    if (buffer->codes >= 0) in.codes = lacuna_dim_size(base, buffer->codes);
    const int stays_list = LACUNA_LISTED(buffer->listable, 0) && in.array->rank == in.info->rank && in.array->coordinates;
    const int64_t room = !stays_list ? in.count : in.array->cells > 0 ? in.array->cells : 0;
    in.borrowed = lacuna_is_borrowed(owner, buffer, arguments);
    const int packed = LACUNA_LISTED(buffer->packed, -1) >= 0 && !stays_list;
    if (!in.borrowed || packed) header[buffer->slot] = take(base, room * lacuna_element_bytes(buffer->element));
    if (packed) header[LACUNA_OF(owner, buffers)[buffer->packed].slot] = header[buffer->slot];
    if (in.borrowed) header[buffer->slot] = (int64_t)((uintptr_t)in.array->data - (uintptr_t)base);
    in.elements = base + header[buffer->slot];
    if (stays_list) {
      const int64_t offset = take(base, (room + 1) * 8);
      header[buffer->slot + 1] = -offset;
      in.numbers = (int64_t*)(void*)(base + offset) + 1;
    } else if (LACUNA_LISTED(buffer->optional, 0)) {
      header[buffer->slot + 1] = take(base, in.count);
      in.presence = (uint8_t*)base + header[buffer->slot + 1];
    }
    const int code = import_buffer(&in, buffer->argument, flags, error);
    if (code != LACUNA_OK) return code;
  }
  return LACUNA_OK;
}

LACUNA_INNER void lacuna_release_inputs(const lacuna_descriptor* owner, char* base) {
  int64_t* header = (int64_t*)(void*)base;
  for (int32_t b = 0; b < owner->buffer_count; ++b) {
    const lacuna_buffer* buffer = &LACUNA_OF(owner, buffers)[b];
    if (buffer->argument < 0 || LACUNA_LISTED(!buffer->passing && buffer->packed < 0, 1)) continue;
    if (LACUNA_LISTED(buffer->packed, -1) >= 0 && header[buffer->slot + 1] >= 0) {
      const lacuna_buffer* cells = &LACUNA_OF(owner, buffers)[buffer->packed];
      const int64_t used = 8 * lacuna_slot(base, LACUNA_OF(owner, spaces)[cells->packs].slot);
      memset(base + header[cells->slot] + used, 0, LACUNA_PADDING);
    }
    header[buffer->slot] = 0;
  }
}

LACUNA_END_SMALL_CODE
