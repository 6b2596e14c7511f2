// The compiler library's door: what is looked up in liblacuna_compiler.so once a verb needs machine code.
//
// needs    the library and its caller built together; the IR's types pass between them
// leaves   a model as a table of functions, until it is closed
// shown by test/lit/command/no_compiler_library.test
#pragma once
#include <string>
#include <vector>

#include "compiler/entries/descriptor.h"
#include "compiler/ir/module.h"
#include "lacuna/model.h"

namespace lacuna::jit {

struct OpenModel;

// The object of one function that was compiled: of enum lacuna_function, or a binding (compiler/entries/descriptor.h).
struct MadeCode {
  int function = -1;
  bool block = false;
  std::string symbol;  // its workspace's size is the symbol with ".work" behind it
  std::string object;
};

enum class Text { Schedule, Llvm, Assembly };

// What the library exports under the names lacuna_compiler_open, _table, and so on.
struct Door {
  // `cpu`: LLVM's name of a processor, empty for this one. Null and a problem in words when it cannot be done.
  OpenModel* (*open)(const ir::Module* module, const lacuna_metadata* metadata, const char* cpu, std::string* problem);
  const lacuna_model* (*table)(const OpenModel* model);
  void (*close)(OpenModel* model);
  // The machine code of one function, made now if it was not; null functions when it cannot be made.
  lacuna_compiled (*code)(const OpenModel* model, int function, bool block);
  // Begins to compile a function on a thread of its own, for whoever asks for its code later.
  void (*begin)(const OpenModel* model, int function, bool block);
  // What a cache keeps of a model: the objects of all functions that were made so far, and its descriptor as an object
  // (aot/object.h: make_tables), empty when that cannot be made.
  void (*made)(const OpenModel* model, std::vector<MadeCode>* made);
  void (*tables)(const OpenModel* model, std::string* object);
  // Replaces an empty name by that of this machine's processor. False when LLVM does not know the name.
  bool (*processor)(std::string* cpu);
  // An object (aot/object.h) for a processor by LLVM's name. False and a problem in words when it cannot be made.
  bool (*object)(const ir::Module* module, const lacuna_metadata* metadata, const char* cpu, std::string* bytes,
                 std::string* problem);
  // What code is made of for a processor: the IR with its schedule, LLVM's code once optimised, or assembly. `functions`:
  // those of LLVM's code and assembly that are wanted; empty: all.
  bool (*text)(const ir::Module* module, Text what, const char* cpu, const std::vector<std::string>* functions,
               std::string* text, std::string* problem);
};

}  // namespace lacuna::jit
