// Objects joined into one that exports one name and leaves little for the linker to do.
//
//   needs    relocatable ELF objects for x86-64, whose names for each other are global; the first gives the result its kind
//   leaves   an object with one section that is read, one that is written while loading, and few relocations
//   shown by test/unit/aot/join_test.cpp, test/lit/command/compile_object.test, test/embed/agreement_test.cpp
//
// The code that a model's functions share is assembled once, when Lacuna is built, and joined to each model here, as far as the
// exported function reaches. What is read only stands behind the code, equal constants once, so that distances are settled; names
// that nobody else needs go.
#pragma once
#include <string>
#include <vector>

namespace lacuna::aot {

struct Joined {
  std::string bytes;
  std::string error;  // a kind of object that this does not know, or a name that nobody defines; then there are no bytes
};

// `exported`: the name that others see. `libc`: names that may stay undefined.
Joined join(const std::vector<std::string>& objects, const std::string& exported, const std::vector<std::string>& libc);

}  // namespace lacuna::aot
