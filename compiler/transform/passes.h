// The list of passes, for tools that run them by name.
#pragma once
#include <string_view>
#include <vector>

namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

struct Pass {
  std::string_view name;
  std::string_view meaning;
  void (*run)(ir::Module& module);
};

// All passes, in the order of passes.def.
const std::vector<Pass>& passes();

}  // namespace lacuna::transform
