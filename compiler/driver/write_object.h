// A checked program as files that other programs link: an object or a shared library, and its header.
//
// needs    a program of one model without errors
// leaves   NAME.o or NAME.so, and NAME.h beside it, each written whole or not at all
// shown by test/lit/command/compile_object.test, compile_shared.test, compile_header.test
#pragma once
#include <string>

#include "compiler/driver/pipeline.h"

namespace lacuna::driver {

struct ObjectFiles {
  std::string path;    // ends with .o or .so
  bool shared = false;
  std::string cpu;     // LLVM's name; empty: this machine's
};

// False with diagnostics in the session when it cannot be done.
bool write_object(const ObjectFiles& files, const Compiled& compiled, Session& session);

}  // namespace lacuna::driver
