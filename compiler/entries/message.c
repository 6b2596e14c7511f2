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

/* What an error is about; null where it does not say. `other` is the dimension of an argument. */
typedef struct subject {
  const char *name, *other;
  const lacuna_range* range;
  int sentence; /* of kSentences */
} subject;

/* Sentences one after the other, by the code of the error, then those of codes that have several. What they hold:
 *   @an argument@   the subject's name in quotes, these words where it has none; =these words=, its name without quotes
 *   ~               the end where the subject has no name
 *   #               the end where there is no index
 *   %               the index; $ is the plural of what it counts
 *   &               the other name, behind a space, where there is one */
static const char kSentences[] =
    "no error\0"
    "the model has no such entry~ for @@\0"
    "a pointer that must be given is null\0"
    "memory is too small or does not begin at a multiple of 64 bytes#; bytes needed: %\0"
    "@an argument@ has a size that does not fit\0"
    "the sizes of the dimensions are missing, or too large together\0"
    "@an argument@ is given with another element type or number of axes than the model's\0"
    "@an argument@ has a gap where none is allowed#, at element %\0"
    "@an argument@ has a value outside its type#, at element %\0"
    "@an argument@ has a position outside its dimension&#, at element %\0"
    "=the data break a condition of the program=#, at cell %\0"
    "two statements score one cell of @an array@#, cell %\0"
    "an argument of the call makes no sense (a flag, part, site, stride or range of draws)\0"
    "@a value@ is outside its support#, at value %\0"
    "@a site@ could not be drawn#, at cell %\0"
    "this was made by another model or another version of Lacuna, or is bound for another purpose\0"
    "an unknown error, of code %\0"
    "@an argument@ has another size than its dimension&\0"
    "the dimension @@ has no size\0"
    "the dimension @@ must have at least % element$\0"
    "the dimension @@ must have exactly % element$";

enum { UNKNOWN_CODE = LACUNA_VERSION + 1, ANOTHER_SIZE, NO_SIZE, AT_LEAST, EXACTLY };

static void say_sentence(words* w, const subject* s, int64_t index) {
  const char* t = kSentences;
  for (int skipped = 0; skipped < s->sentence; ++t) skipped += !*t;
  for (int open = 0; *t; ++t) {
    const char letter[2] = {*t, 0};
    if (*t == '@' || *t == '=') {
      open = !open;
      if (!open || !s->name) continue;
      (*t == '@' ? say_name : say)(w, s->name);
      while (*++t != letter[0]) continue;
      open = 0;
    } else if (*t == '~' || *t == '#') {
      if (*t == '~' ? !s->name : index < 0) return;
    } else if (*t == '%') {
      say_number(w, index);
    } else if (*t == '$') {
      say(w, index == 1 ? 0 : "s");
    } else if (*t == '&') {
      if (!s->other) continue;
      say(w, " ");
      say_name(w, s->other);
    } else {
      say(w, letter);
    }
  }
}

static void look_at_argument(subject* s, const lacuna_metadata* m, const lacuna_error* e) {
  const lacuna_argument_info* argument = &m->arguments[e->where];
  s->name = argument->name;
  s->range = &argument->range;
  if (e->code == LACUNA_SIZE && e->index >= 0 && e->index < argument->rank) {
    s->other = m->dimensions[argument->axes[e->index]].name;
    s->sentence = ANOTHER_SIZE;
  }
  if (e->code == LACUNA_INDEX && argument->type.index_of >= 0) s->other = m->dimensions[argument->type.index_of].name;
}

static void look_at_dimension(subject* s, const lacuna_metadata* m, const lacuna_error* e) {
  const lacuna_dimension_info* dimension = &m->dimensions[e->where];
  s->name = dimension->name;
  s->range = &dimension->range;
  s->sentence = e->index <= 0 ? NO_SIZE : dimension->pinned ? EXACTLY : AT_LEAST;
}

/* What `where` names, by the code: an argument, a dimension, a check, a site, nothing. */
static subject subject_of(const lacuna_metadata* m, const lacuna_error* e) {
  static const char kinds[] = "-s--adaaaacssss-";
  const int known = e->code >= 0 && e->code <= LACUNA_VERSION;
  subject s = {0, 0, 0, known ? e->code : UNKNOWN_CODE};
  const char kind = known && e->where >= 0 ? kinds[e->code] : '-';
  if (kind == 'a' && e->where < m->argument_count) look_at_argument(&s, m, e);
  if (kind == 'd' && e->where < m->dimension_count) look_at_dimension(&s, m, e);
  if (kind == 'c' && e->where < m->check_count) {
    s.name = m->checks[e->where].message;
    s.range = &m->checks[e->where].range;
  }
  if (kind == 's' && e->where < m->site_count) {
    s.name = m->sites[e->where].name;
    s.range = &m->sites[e->where].range;
  }
  return s;
}

int64_t lacuna_message(const lacuna_model* self, const lacuna_error* error, char* text, int64_t bytes) {
  words w = {text, text ? bytes : 0, 0};
  subject s = {0, 0, 0, LACUNA_NULL};
  if (self && error) s = subject_of(self->metadata, error);
  if (s.range && s.range->line > 0) {
    say(&w, self->metadata->source_name);
    say(&w, ":");
    say_number(&w, s.range->line);
    say(&w, ": ");
  }
  say_sentence(&w, &s, s.sentence == UNKNOWN_CODE ? error->code : error ? error->index : -1);
  if (w.bytes > 0) w.text[w.length < w.bytes ? w.length : w.bytes - 1] = 0;
  return w.length;
}

LACUNA_END_SMALL_CODE
