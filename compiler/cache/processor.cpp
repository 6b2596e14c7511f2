#include "compiler/cache/processor.h"

#include <fmt/format.h>

#include <cstdint>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace lacuna::cache {

#if defined(__x86_64__)

namespace {

constexpr unsigned kSystemSavesVectors = 1u << 27;  // leaf 1, ecx: OSXSAVE
constexpr unsigned kOwnNumber = 0xff000000u;        // leaf 1, ebx: which of the machine's processors this is

std::string leaf(unsigned number, unsigned part) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid_count(number, part, &a, &b, &c, &d)) return "-";
  if (number == 1) b &= ~kOwnNumber;
  return fmt::format("{:x}.{:x}.{:x}.{:x}", a, b, c, d);
}

// Which registers the system saves when it changes between processes.
std::string saved_registers() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (c & kSystemSavesVectors) == 0) return "-";
  std::uint32_t low = 0, high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return fmt::format("{:x}.{:x}", high, low);
}

}  // namespace

std::string processor_words() {
  return fmt::format("x86-64 {} {} {} {} {} {}", leaf(0, 0), leaf(1, 0), leaf(7, 0), leaf(7, 1), leaf(0x80000001u, 0), saved_registers());
}

#else

std::string processor_words() { return {}; }

#endif

}  // namespace lacuna::cache
