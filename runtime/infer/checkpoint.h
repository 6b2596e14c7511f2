// A fit saved while it runs and taken up again: to the very digits that an uninterrupted run gives.
//
//   needs    runtime/io/bytes.h
//   leaves   bytes with a checksum and the identity of the run
//   shown by test/unit/runtime/svi_test.cpp, run_fit_test.cpp
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "runtime/infer/climb.h"
#include "runtime/infer/svi.h"

namespace lacuna::runtime::infer {

// `identity` names program, data, options and seed; a state goes on only under its own.
std::string save_state(const SviState& state, std::string_view identity);
std::string save_state(const ClimbState& state, std::string_view identity);

// Empty with R0707 when the bytes are damaged or of another run; `path` is for messages.
std::optional<SviState> load_state(std::string_view bytes, std::string_view identity, const std::string& path,
                                   Problems& problems);

std::optional<ClimbState> load_climb(std::string_view bytes, std::string_view identity, const std::string& path,
                                     Problems& problems);

}  // namespace lacuna::runtime::infer
