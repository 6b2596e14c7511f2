/* The table of a model, for the functions that it has. Objects have theirs as a constant, made from the same list. */
#include "compiler/entries/view.h"

#ifndef LACUNA_OBJECT
static int lacuna_has(const lacuna_descriptor* d, int32_t function) { return d->functions[function].results >= 0; }
static int lacuna_has_block(const lacuna_descriptor* d, int32_t function) {
  return lacuna_has(d, function) && d->functions[function].block;
}

void lacuna_set_entries(const lacuna_descriptor* d, lacuna_model* table) {
  table->struct_size = sizeof *table;
  table->version = LACUNA_ABI_VERSION;
  table->metadata = d->metadata;
  table->context = (void*)(uintptr_t)d;
#define LACUNA_TABLE_ENTRY(field, function, there) \
  if (there) table->field = function;
#include "compiler/entries/table_entries.def"
#undef LACUNA_TABLE_ENTRY
}
#endif
