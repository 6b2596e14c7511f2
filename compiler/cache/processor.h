// The processor that this process runs on, in words that are equal exactly where the same machine code is made: part of
// a cache's key.
//
//   needs    nothing; LLVM is not asked, since asking it costs more than all else
//   leaves   a text
//   shown by test/unit/cache/cache_test.cpp
#pragma once
#include <string>

namespace lacuna::cache {

// Vendor, family, model and every feature bit that the processor and the system offer. Empty on machines that this does
// not know: nothing is kept there.
std::string processor_words();

}  // namespace lacuna::cache
