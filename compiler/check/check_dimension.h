// Declared dimensions of a file, and which dimensions are open.
#pragma once
#include <vector>

#include "compiler/check/context.h"

namespace lacuna::check {

// Every `dim` of the file, in any order; sizes that follow from others are kept as expressions.
void declare_dimensions(Context& c, const syntax::Program& program);

// A dimension whose name begins like a value's.
void report_lowercase_dimension(Context& c, const syntax::Name& name);

// Marks the dimensions named by `open`, in every model that has them.
void open_dimensions(Context& c, const syntax::Program& program, const std::vector<CheckedModel*>& models);

}  // namespace lacuna::check
