// Natural values of latents as JSON by name, and back: `--at`, `constrained_gradient`, `--layout`.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "runtime/data/bind.h"

namespace lacuna::tool {

// The values of `text` (an object of nested arrays by latent) in the order of the model's values. Every latent must be there with
// its shape; what is wrong is reported against `path`.
std::optional<std::vector<double>> read_point(const std::string& path, const std::string& text, const runtime::data::BoundModel& bound,
                                              runtime::Problems& problems);

// A flat array of numbers; strings "nan", "inf", "-inf" stand for themselves.
std::optional<std::vector<double>> read_flat(const std::string& path, const std::string& text, std::size_t wanted, runtime::Problems& problems);

// `values` by name as one JSON object of nested arrays.
std::string values_by_name(const runtime::data::BoundModel& bound, const std::vector<double>& values);

// Which coordinates belong to which latent, as a JSON array.
std::string layout(const runtime::data::BoundModel& bound);

}  // namespace lacuna::tool
