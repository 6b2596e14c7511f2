// What a prediction's file will hold: its sites with their axes and labels, its groups, the data beside them.
//
//   needs    run_prediction.h
//   leaves   a header for the writers of runtime/io/prediction.h
//   shown by test/unit/runtime/run_prediction_test.cpp
#pragma once
#include <optional>
#include <vector>

#include "runtime/io/prediction.h"
#include "runtime/predict/run_prediction.h"

namespace lacuna::runtime::predict {

// The sites that are asked for, as positions in the metadata. Empty with R0726 when a name is unknown, with R0770 when
// nothing is left to predict.
std::optional<std::vector<std::int32_t>> choose_sites(const lacuna_metadata& metadata, const PredictionOptions& options,
                                                      Problems& problems);

// `sizes`: of all dimensions, as bound.
io::PredictionHeader describe_prediction(const PredictionInput& input, const PredictionOptions& options,
                                         const Target& target, const std::vector<std::int64_t>& sizes,
                                         const std::vector<std::int32_t>& sites, std::int64_t draws);

}  // namespace lacuna::runtime::predict
