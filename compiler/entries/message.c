/* message: an error in words, by the names and lines of the program. */
#include "compiler/entries/view.h"

LACUNA_SMALL_CODE

/* What is written so far; letters that do not fit are counted only. */
typedef struct words {
  char* text;
  int64_t bytes, length;
} words;

static void say(words* w, const char* text) {
  for (; text && *text; ++text, ++w->length) {
    if (w->length + 1 < w->bytes) w->text[w->length] = *text;
  }
}

static void say_number(words* w, int64_t number) {
  char digits[24];
  int at = 23;
  uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
  digits[at] = 0;
  do {
    digits[--at] = (char)('0' + left % 10);
    left /= 10;
  } while (left > 0);
  if (number < 0) digits[--at] = '-';
  say(w, digits + at);
}

static void say_name(words* w, const char* name) {
  say(w, "`");
  say(w, name);
  say(w, "`");
}

static void say_place(words* w, const lacuna_metadata* metadata, const lacuna_range* range) {
  if (!range || range->line == 0) return;
  say(w, metadata->source_name);
  say(w, ":");
  say_number(w, range->line);
  say(w, ": ");
}

/* What `where` names for a code, or null. */
typedef struct subject {
  const char* name;
  const lacuna_range* range;
  const lacuna_argument_info* argument;
  const lacuna_dimension_info* dimension;
} subject;

static subject subject_of(const lacuna_metadata* m, const lacuna_error* e) {
  subject s = {0, 0, 0, 0};
  if (e->where < 0) return s;
  switch (e->code) {
    case LACUNA_SIZE:
    case LACUNA_TYPE:
    case LACUNA_MISSING:
    case LACUNA_VALUE:
    case LACUNA_INDEX:
      if (e->where >= m->argument_count) return s;
      s.argument = &m->arguments[e->where];
      s.name = s.argument->name;
      s.range = &s.argument->range;
      return s;
    case LACUNA_DIMENSION:
      if (e->where >= m->dimension_count) return s;
      s.dimension = &m->dimensions[e->where];
      s.name = s.dimension->name;
      s.range = &s.dimension->range;
      return s;
    case LACUNA_CHECK:
      if (e->where >= m->check_count) return s;
      s.name = m->checks[e->where].message;
      s.range = &m->checks[e->where].range;
      return s;
    case LACUNA_ABSENT:
    case LACUNA_OVERLAP:
    case LACUNA_OUTSIDE:
    case LACUNA_DRAW:
    case LACUNA_ARGUMENT:
      if (e->where >= m->site_count) return s;
      s.name = m->sites[e->where].name;
      s.range = &m->sites[e->where].range;
      return s;
    default:
      return s;
  }
}

static void say_cell(words* w, const char* before, int64_t index) {
  if (index < 0) return;
  say(w, before);
  say_number(w, index);
}

static void say_dimension(words* w, const subject* s, int64_t least) {
  if (!s->dimension) {
    say(w, "the sizes of the dimensions are missing, or too large together");
  } else if (least > 0) {
    say(w, "the dimension ");
    say_name(w, s->name);
    say(w, s->dimension->pinned ? " must have exactly " : " must have at least ");
    say_number(w, least);
    say(w, least == 1 ? " element" : " elements");
  } else {
    say(w, "the dimension ");
    say_name(w, s->name);
    say(w, " has no size");
  }
}

static void say_argument(words* w, const subject* s, const lacuna_metadata* m, const lacuna_error* e) {
  say_name(w, s->name ? s->name : "an argument");
  switch (e->code) {
    case LACUNA_SIZE:
      if (s->argument && e->index >= 0 && e->index < s->argument->rank) {
        say(w, " has another size than its dimension ");
        say_name(w, m->dimensions[s->argument->axes[e->index]].name);
      } else {
        say(w, " has a size that does not fit");
      }
      return;
    case LACUNA_TYPE:
      say(w, " is given with another element type or number of axes than the model's");
      return;
    case LACUNA_MISSING:
      say(w, " has a gap where none is allowed");
      break;
    case LACUNA_VALUE:
      say(w, " has a value outside its type");
      break;
    default:
      say(w, " has a position outside its dimension");
      if (s->argument && s->argument->type.index_of >= 0) {
        say(w, " ");
        say_name(w, m->dimensions[s->argument->type.index_of].name);
      }
      break;
  }
  say_cell(w, ", at element ", e->index);
}

static void say_situation(words* w, const subject* s, const lacuna_metadata* m, const lacuna_error* e) {
  switch (e->code) {
    case LACUNA_OK:
      say(w, "no error");
      return;
    case LACUNA_ABSENT:
      say(w, "the model has no such entry");
      if (s->name) {
        say(w, " for ");
        say_name(w, s->name);
      }
      return;
    case LACUNA_NULL:
      say(w, "a pointer that must be given is null");
      return;
    case LACUNA_WORKSPACE:
      say(w, "memory is too small or does not begin at a multiple of 64 bytes");
      say_cell(w, "; bytes needed: ", e->index);
      return;
    case LACUNA_DIMENSION:
      say_dimension(w, s, e->index);
      return;
    case LACUNA_CHECK:
      say(w, s->name ? s->name : "the data break a condition of the program");
      say_cell(w, ", at cell ", e->index);
      return;
    case LACUNA_OVERLAP:
      say(w, "two statements score one cell of ");
      say_name(w, s->name ? s->name : "an array");
      say_cell(w, ", cell ", e->index);
      return;
    case LACUNA_ARGUMENT:
      say(w, "an argument of the call makes no sense (a flag, part, site, stride or range of draws)");
      return;
    case LACUNA_OUTSIDE:
      say_name(w, s->name ? s->name : "a value");
      say(w, " is outside its support");
      say_cell(w, ", at value ", e->index);
      return;
    case LACUNA_DRAW:
      say_name(w, s->name ? s->name : "a site");
      say(w, " could not be drawn");
      say_cell(w, ", at cell ", e->index);
      return;
    case LACUNA_VERSION:
      say(w, "this was made by another model or another version of Lacuna, or is bound for another purpose");
      return;
    case LACUNA_SIZE:
    case LACUNA_TYPE:
    case LACUNA_MISSING:
    case LACUNA_VALUE:
    case LACUNA_INDEX:
      say_argument(w, s, m, e);
      return;
    default:
      say(w, "an unknown error, of code ");
      say_number(w, e->code);
      return;
  }
}

int64_t lacuna_message(const lacuna_model* self, const lacuna_error* error, char* text, int64_t bytes) {
  words w = {text, text ? bytes : 0, 0};
  if (!self || !error) {
    say(&w, "a pointer that must be given is null");
  } else {
    const subject s = subject_of(self->metadata, error);
    say_place(&w, self->metadata, s.range);
    say_situation(&w, &s, self->metadata, error);
  }
  if (w.bytes > 0) w.text[w.length < w.bytes ? w.length : w.bytes - 1] = 0;
  return w.length;
}

LACUNA_END_SMALL_CODE
