// The compiler library's door: what is looked up in liblacuna_compiler.so once a verb needs machine code.
//
// needs    the library and its caller built together; the IR's types pass between them
// leaves   a model as a table of functions, until it is closed
// shown by test/lit/command/no_compiler_library.test
#pragma once
#include <string>

#include "compiler/ir/module.h"
#include "lacuna/model.h"

namespace lacuna::jit {

struct OpenModel;

// What the library exports under the names lacuna_compiler_open, _table, _close, _object.
struct Door {
  // `cpu`: LLVM's name of a processor, empty for this one. Null and a problem in words when it cannot be done.
  OpenModel* (*open)(const ir::Module* module, const lacuna_metadata* metadata, const char* cpu, std::string* problem);
  const lacuna_model* (*table)(const OpenModel* model);
  void (*close)(OpenModel* model);
  // An object (aot/object.h) for a processor by LLVM's name. False and a problem in words when it cannot be made.
  bool (*object)(const ir::Module* module, const lacuna_metadata* metadata, const char* cpu, std::string* bytes,
                 std::string* problem);
};

}  // namespace lacuna::jit
