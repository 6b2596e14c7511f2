// The caller's arrays into a bound model: one layout, whatever the dtypes, strides and gaps were.
//
//   needs    a module whose inputs are named as the metadata's arguments, the caller's dimensions and arrays
//   leaves   the header's sizes and the inputs' elements and presence; what bind's functions make is not there yet
//   shown by test/lit/command/log_density_with_gaps.test
#pragma once
#include "compiler/codegen/layout.h"
#include "compiler/ir/module.h"
#include "lacuna/model.h"

namespace lacuna::jit {

// The largest size that a dimension can have, for given sizes (as -1: as declared) in the metadata's order; -1 when one
// is missing.
std::int64_t most_elements(const ir::Module& module, ir::DimId dim, const lacuna_metadata& metadata,
                           const lacuna_dimension* dimensions);

// An upper bound of the bytes of the bound model; negative when a dimension has no size.
std::int64_t bound_bytes(const ir::Module& module, const codegen::Layout& layout, const lacuna_metadata& metadata,
                         const lacuna_dimension* dimensions);

// Fills header and inputs. A code of enum lacuna_code; `error` may be null.
int import_data(const ir::Module& module, const codegen::Layout& layout, const lacuna_metadata& metadata,
                const lacuna_dimension* dimensions, const lacuna_array* arguments, void* bound, lacuna_error* error);

}  // namespace lacuna::jit
