// What stands behind the library's C functions: an opened fit, and the words that go to the caller.
//
//   needs    runtime/data, runtime/io
//   leaves   exceptions caught at the boundary, reasons in the caller's buffer
//   shown by test/embed/client.c
#pragma once
#include <algorithm>
#include <cstring>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "lacuna/lacuna.h"
#include "runtime/data/bind.h"
#include "runtime/io/fit.h"

struct lacuna_fit {
  const lacuna_model* model = nullptr;
  lacuna::runtime::io::Fit fit;
  lacuna::runtime::data::Dataset dataset;
  std::optional<lacuna::runtime::data::Arguments> arguments;  // pointing into `dataset`
  std::optional<lacuna::runtime::data::BoundModel> bound;
};

namespace lacuna::runtime::embed {

inline int say(lacuna_said* said, int code, const std::string& words) {
  if (said) {
    const std::size_t length = std::min(words.size(), sizeof said->text - 1);
    std::memcpy(said->text, words.data(), length);
    said->text[length] = 0;
  }
  return code;
}

// The first error, as a terminal would show it.
inline std::string words_of(const Problems& problems, const lacuna_metadata* about) {
  for (const Diagnostic& each : problems.list()) {
    if (entry(each.id).severity == Severity::Error) return render(each, about);
  }
  return "this cannot be done";
}

// Runs `body`; what it throws becomes a reason.
template <class Body>
int guarded(lacuna_said* said, const Body& body) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return say(said, LACUNA_SAID, "there is not enough memory");
  } catch (const std::exception& error) {
    return say(said, LACUNA_SAID, error.what());
  }
}

}  // namespace lacuna::runtime::embed
