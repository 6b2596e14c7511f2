// The compiler library, loaded when it is first needed: starting without LLVM takes a tenth of the time.
//
// needs    liblacuna_compiler.so in ../lib of the running program's folder, or where the system finds libraries
// leaves   its functions, loaded until the process ends
// shown by test/lit/command/no_compiler_library.test
#pragma once
#include <string>

#include "compiler/jit/library.h"

namespace lacuna::driver {

// Null and a problem in words when the library cannot be loaded.
const jit::Door* compiler_library(std::string& problem);

// Which build of the compiler this is: sizes and times of the program and of the library, without loading it. Empty when
// the library is not in its place.
std::string compiler_identity();

}  // namespace lacuna::driver
