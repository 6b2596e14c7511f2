/* What passes between a caller and a compiled model: arrays, dimensions, errors.
 *
 *   needs    C99
 *   leaves   plain structs that the caller owns; nothing here allocates or has code
 *   shown by test/unit/runtime/abi_c99.c
 *
 * Read through lacuna/model.h.
 */
#ifndef LACUNA_DATA_H
#define LACUNA_DATA_H
#include <stdint.h>

/* The type of an array's elements in memory. */
enum lacuna_dtype { LACUNA_F64 = 0, LACUNA_F32 = 1, LACUNA_I64 = 2, LACUNA_I32 = 3, LACUNA_U8 = 4 };

/* One argument, dense or sparse. The caller owns all that it points to; a model reads it while `bind_into` runs and
 * keeps none.
 *
 * Dense (`coordinates` null): the element at subscripts i is at (char *)data + sum over axes of i[k] * strides[k];
 * `sizes` and `strides` (bytes, may be 0 or negative) have `rank` entries. `present`, when not null, has one byte for
 * each element in row-major order without gaps; 0 means missing. A NaN is missing too.
 *
 * Sparse (`coordinates` not null): `cells` elements stand one after the other in `data`; element c belongs to the
 * subscripts coordinates[k][c], k < rank. `sizes` is read, `strides` is not; `present` has `cells` bytes or is null.
 * Cells that are not listed are missing; none may be listed twice.
 *
 * Elements of index type are 0-based codes, also those of a dimension with labels. An argument that is not given has
 * rank -1.
 */
typedef struct lacuna_array {
  const void* data;
  int32_t dtype; /* enum lacuna_dtype */
  int32_t rank;
  const int64_t* sizes;
  const int64_t* strides;
  const uint8_t* present;
  int64_t cells;
  const int64_t* const* coordinates;
} lacuna_array;

/* The size of one dimension, and for each of its elements the 64-bit key of its label; `keys` null means positions, 0
 * to size - 1. Random numbers are keyed by them: equal keys, equal draws. A size of -1 asks for the declared size.
 * Sizes of derived dimensions are computed by the model and ignored here.
 */
typedef struct lacuna_dimension {
  int64_t size;
  const uint64_t* keys;
} lacuna_dimension;

/* What every entry returns, and writes as `code` into the caller's error struct. `where` and `index` say more: */
enum lacuna_code {
  LACUNA_OK = 0,
  LACUNA_ABSENT = 1,    /* this table has no such entry, or not for this site (where: site or -1) */
  LACUNA_NULL = 2,      /* a pointer that must be given is null */
  LACUNA_WORKSPACE = 3, /* memory too small or not aligned to 64 bytes (index: bytes needed) */
  LACUNA_SIZE = 4,      /* sizes disagree (where: argument; index: axis) */
  LACUNA_DIMENSION = 5, /* a dimension has no size, or fewer elements than needed (where: dimension; index: least) */
  LACUNA_TYPE = 6,      /* dtype or rank is not the argument's (where: argument) */
  LACUNA_MISSING = 7,   /* a gap where none is allowed (where: argument; index: row-major element) */
  LACUNA_VALUE = 8,     /* a value outside the argument's type or bounds (where: argument; index: element) */
  LACUNA_INDEX = 9,     /* a code outside its dimension (where: argument; index: element) */
  LACUNA_CHECK = 10,    /* a condition of the program on data does not hold (where: check; index: its cell) */
  LACUNA_OVERLAP = 11,  /* two observed sites score one cell (where: the later site; index: cell) */
  LACUNA_ARGUMENT = 12, /* an argument of the call itself makes no sense (a part, a site, a range of draws) */
  LACUNA_OUTSIDE = 13,  /* a value given to `unconstrain` is outside its support (where: site; index: value) */
  LACUNA_DRAW = 14,     /* a draw failed (where: site; index: cell) */
  LACUNA_VERSION = 15   /* a bound model that another model, or another version, made */
};

typedef struct lacuna_error {
  int32_t code;  /* enum lacuna_code */
  int32_t where; /* a position in the metadata table that the code names, or -1 */
  int64_t index; /* as the code says, or -1 */
} lacuna_error;

#endif
