/* What a compiled model says of itself: dimensions, arguments, sites, checks, source.
 *
 *   needs    C99
 *   leaves   constant data of the model; strings are UTF-8 and end with a zero byte
 *   shown by test/unit/runtime/abi_c99.c
 *
 * Read through lacuna/model.h. Tables are referred to by position; -1 is none.
 */
#ifndef LACUNA_METADATA_H
#define LACUNA_METADATA_H
#include <stdint.h>

/* Lines and columns count from 1, columns in bytes; the end is exclusive. Line 0: not known. */
typedef struct lacuna_range {
  uint32_t line, column, end_line, end_column;
} lacuna_range;

/* What may happen to a dimension at prediction: rows, elements that may be new, or neither. */
enum lacuna_dimension_kind { LACUNA_FREE = 0, LACUNA_OPEN = 1, LACUNA_CLOSED = 2 };

/* Where a size comes from: the data, an expression of other sizes, or the number of a site's cells. */
enum lacuna_dimension_origin { LACUNA_GIVEN = 0, LACUNA_DERIVED = 1, LACUNA_CELLS = 2 };

typedef struct lacuna_dimension_info {
  const char* name;
  int32_t kind;              /* enum lacuna_dimension_kind */
  int32_t origin;            /* enum lacuna_dimension_origin */
  int32_t ordered;           /* 1: something runs along it in order */
  int32_t pinned;            /* 1: `bind_into` refuses any size but `declared_size` */
  int64_t declared_size;     /* -1: the data say */
  int64_t least;             /* the model needs this many elements */
  const char* const* labels; /* `declared_size` declared labels, or null */
  const char* rule;          /* of a derived size, as written ("K - 1"); else null */
  lacuna_range range;
  int32_t apart; /* 1: free, and no cell of a prediction depends on other elements: it may be made in stretches */
} lacuna_dimension_info;

enum lacuna_kind { LACUNA_REAL = 0, LACUNA_INT = 1, LACUNA_BOOL = 2, LACUNA_INDEX_OF = 3 };

/* What binds the elements of an event together; scalars have LACUNA_SCALAR. */
enum lacuna_structure {
  LACUNA_SCALAR = 0,
  LACUNA_SIMPLEX = 1,
  LACUNA_ORDERED = 2,
  LACUNA_POSITIVE_ORDERED = 3,
  LACUNA_UNIT_VECTOR = 4,
  LACUNA_ZERO_SUM = 5,
  LACUNA_COV = 6,
  LACUNA_CORR = 7,
  LACUNA_CHOLESKY_COV = 8,
  LACUNA_CHOLESKY_CORR = 9,
  LACUNA_VECTOR = 10 /* an event with no constraint across its elements */
};

/* The values that a cell may hold: an interval of its kind, or what the structure says. */
typedef struct lacuna_type {
  int32_t kind;        /* enum lacuna_kind */
  int32_t structure;   /* enum lacuna_structure */
  int32_t index_of;    /* LACUNA_INDEX_OF: the dimension; else -1 */
  int32_t open;        /* 1: `lower` is outside, 2: `upper` is, 3: both; infinities always are */
  double lower, upper; /* -inf, inf when unbounded; NaN when latents decide */
} lacuna_type;

enum lacuna_argument_flag {
  LACUNA_OPTIONAL = 1,  /* `T?`: cells may be missing */
  LACUNA_UNCHECKED = 2, /* read only in scored cells or under a condition: `bind_into` checks those, the caller none */
  LACUNA_TARGET = 4,    /* observed: a prediction does not need it */
  LACUNA_MASK = 8,      /* read by masks only: a prediction does not need it */
  LACUNA_SPARSE = 16,   /* may be given as coordinates and values; without it only dense arrays are taken */
  LACUNA_LABEL = 32     /* the position of a label that the program names; `doc` is the label */
};

typedef struct lacuna_argument_info {
  const char* name;
  lacuna_type type;
  int32_t rank;
  uint32_t flags;      /* enum lacuna_argument_flag */
  const int32_t* axes; /* `rank` dimensions; the last varies fastest */
  const char* doc;     /* the program's documentation comment, or null */
  lacuna_range range;
} lacuna_argument_info;

enum lacuna_site_kind {
  LACUNA_LATENT = 0,   /* has coordinates, unless summed out */
  LACUNA_OBSERVED = 1, /* has scored cells */
  LACUNA_IMPUTED = 2,  /* the cells that `else impute` fills; named "NAME.imputed" */
  LACUNA_FACTOR = 3,   /* adds to the density, has no values */
  LACUNA_OUTPUT = 4    /* computed or drawn for each posterior draw */
};

enum lacuna_site_flag {
  LACUNA_SUMMED = 1, /* a discrete latent that the density sums out; it has no coordinates */
  LACUNA_LEAF = 2,   /* imputed cells that nothing reads: no coordinates, drawn by `predict` */
  LACUNA_NONCENTERED = 4,
  LACUNA_DRAWN = 8 /* an output that is drawn, not computed */
};

/* A site's values are the cells of its axes in row-major order, or, when `partial`, only those that `cells` lists. */
typedef struct lacuna_site_info {
  const char* name;
  int32_t kind;     /* enum lacuna_site_kind */
  uint32_t flags;   /* enum lacuna_site_flag */
  lacuna_type type; /* of one cell, or of the event */
  int32_t rank;     /* axes, those of the event last */
  int32_t event_rank;
  const int32_t* axes;     /* dimensions */
  int32_t partial;         /* 1: the values are those of a list of cells */
  int32_t argument;        /* observed, imputed: the argument, or -1 (a `let` of data) */
  const char* coordinates; /* how many coordinates, for people ("J * (K - 1)"); null for none */
  const char* statement;   /* the distribution as written ("Normal(mu, sigma)"), or null */
  const char* doc;
  lacuna_range range; /* of the target */
} lacuna_site_info;

/* A condition on data that the compiler could not show: tested by `bind_into`. */
typedef struct lacuna_check_info {
  const char* message; /* the situation in one fragment ("`x[t - 1]` reads before the first element") */
  lacuna_range range;
} lacuna_check_info;

typedef struct lacuna_metadata {
  uint32_t struct_size;
  const char* name;
  const char* source_name; /* the program's file name without folders */
  const char* source;      /* the program's text, or null */
  const char* source_hash; /* 64 hexadecimal digits: SHA-256 of the text */
  const char* compiler;    /* version */
  const char* target;      /* the CPU that the code is for; "" for an interpreter */
  const char* doc;         /* the model's documentation comment, or null */
  int32_t dimension_count, argument_count, site_count, check_count;
  const lacuna_dimension_info* dimensions;
  const lacuna_argument_info* arguments;
  const lacuna_site_info* sites; /* in the order of the program */
  const lacuna_check_info* checks;
  int32_t parameter_count;   /* how many sites have coordinates */
  const int32_t* parameters; /* those sites, in the order of their coordinates and of their values */
} lacuna_metadata;

#endif
