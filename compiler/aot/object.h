// A model as an ELF object: the functions, the entries and their tables, with one name that others see.
//
//   needs    the module of a model, transformed, as the JIT takes it; its metadata
//   leaves   the bytes of an object that exports `const lacuna_model* lacuna_<model>(void)` and needs libc, with
//            incomplete gamma and beta functions also libm; the same bytes for the same input
//   shown by test/lit/command/compile_object.test
#pragma once
#include <string>

#include "compiler/codegen/target.h"
#include "compiler/ir/module.h"
#include "lacuna/model.h"

namespace lacuna::aot {

struct Object {
  std::string bytes;
  std::string error;  // what cannot be compiled yet, or a bug of ours; then there are no bytes
};

// The descriptor of a model, with null functions, as an object that exports it under kTables: what a cache keeps beside
// the functions. Empty when it cannot be made.
constexpr const char* kTables = "lacuna_stored_model";
std::string make_tables(const ir::Module& module, const lacuna_metadata& metadata, const codegen::Target& target);

Object make_object(const ir::Module& module, const lacuna_metadata& metadata, const codegen::Target& target);

}  // namespace lacuna::aot
