// Diagnostics for machines: `--format=json`.
//
// An array of objects with the keys code, severity, message, file, range, label, labels, notes, helps. Lines and columns count
// from 1 (columns in code points), offsets from 0 in bytes; the end of a range is exclusive.
//
// shown by test/unit/diagnostics/render_json_test.cpp
#pragma once
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"

namespace lacuna::diagnostics {

std::string render_json(const std::vector<Diagnostic>& diagnostics, const support::SourceMap& sources);

}  // namespace lacuna::diagnostics
