// The compiler library, loaded when it is first needed: starting without LLVM takes a tenth of the time.
//
// needs    liblacuna_compiler.so in ../lib of the running program's folder, or where the system finds libraries
// leaves   its functions, loaded until the process ends
// shown by test/lit/command/no_compiler_library.test
#pragma once
#include <future>
#include <string>

#include "compiler/jit/library.h"

namespace lacuna::driver {

// Null and a problem in words when the library cannot be loaded.
const jit::Door* compiler_library(std::string& problem);

// Loads it on a thread of its own, beside what is done until it is asked for. The future waits for the end of that.
std::future<void> start_loading_compiler();

// Which build of the compiler this is: sizes and times of the program and of the library, without loading it. Empty when
// the library is not in its place.
std::string compiler_identity();

}  // namespace lacuna::driver
