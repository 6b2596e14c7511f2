// An object with less for the linker to do: equal constants stand once and have no names, and distances are settled.
//
//   needs    a relocatable ELF object for x86-64, as codegen assembles it
//   leaves   an object that means the same, about half as large
//   shown by test/lit/command/compile_object.test, test/embed/agreement_test.cpp
//
// The assembler gives each constant of each function a symbol in a section of constants that linkers may merge, and leaves
// every distance to it to the linker: half of a small object. Here equal constants stand once, behind the code, and
// distances within the code are settled.
#pragma once
#include <string>

namespace lacuna::aot {

// The object itself when it holds what this does not know.
std::string compact(const std::string& object);

}  // namespace lacuna::aot
