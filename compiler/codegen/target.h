// What machine code is made for: a processor by LLVM's name, and the facts about it on which emitters decide.
//
//   needs    nothing
//   leaves   a value; two equal targets get the same code
//   shown by test/unit/codegen/math_test.cpp, which runs three of them
#pragma once
#include <string>

namespace lacuna::codegen {

struct Target {
  std::string cpu;        // LLVM's name: "znver4", "x86-64-v3", ...
  std::string features;   // LLVM's list: "+avx2,-avx512f", ...; may be empty
  int vector_bits = 128;  // the widest register that pays
  int registers = 16;     // vector registers
  bool fma = false;       // fused multiply-add in hardware
  bool avx512 = false;    // F, DQ and VL together

  // Lanes of 64 bits in one register.
  int lanes() const { return vector_bits / 64; }
  bool operator==(const Target&) const = default;
};

// The processor that this process runs on.
Target host_target();
// A processor by LLVM's name; with no features when LLVM does not know it.
Target named_target(const std::string& cpu);
// True for a 64-bit processor of the family that LLVM knows by this name.
bool is_processor(const std::string& cpu);
// True if code for the target can run here.
bool runs_here(const Target& target);

}  // namespace lacuna::codegen
