// An object into a shared library, by the linker of LLVM: a program of its own, looked for when it is needed.
//
// needs    ld.lld
// leaves   the library's bytes, the same for the same object
// shown by test/lit/command/compile_shared.test
#pragma once
#include <string>

namespace lacuna::driver {

struct Linked {
  std::string bytes;
  std::string problem;  // in words that follow "the linker, which"; then there are no bytes
};

// `name` becomes the library's own name (DT_SONAME).
Linked link_shared(const std::string& object, const std::string& name);

}  // namespace lacuna::driver
