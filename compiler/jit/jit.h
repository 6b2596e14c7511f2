// Machine code in memory: object files linked into this process, looked up by name.
//
//   needs    an object file, as compiler/codegen/code.h assembles it
//   leaves   addresses that stay valid as long as the Jit
//   shown by test/unit/codegen/math_test.cpp
#pragma once
#include <memory>
#include <string>

namespace lacuna::jit {

class Jit {
 public:
  Jit();
  ~Jit();
  Jit(Jit&&) noexcept;
  Jit& operator=(Jit&&) noexcept;

  // Links an object. Names defined twice, or not at all, are bugs of ours: the text says so; empty is success.
  std::string add(const std::string& object, const std::string& name);
  // The address of a function, or null.
  void* find(const std::string& name) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lacuna::jit
