// A stretch of a prediction: the same target with some of the elements of one dimension.
//
//   needs    a dimension whose elements are predicted apart from each other (lacuna_dimension_info::apart)
//   leaves   a target whose cells get the digits that they have in the whole
//   shown by test/unit/runtime/cut_test.cpp
#pragma once
#include "runtime/predict/units.h"

namespace lacuna::runtime::predict {

// The elements begin to end - 1 of `dimension`, all of whose elements are wanted.
Target cut(const lacuna_metadata& metadata, const Target& whole, int dimension, std::int64_t begin, std::int64_t end);

// The training data as the target of a predictive check: every element is known.
Target check_of(const data::Dataset& fitted);

}  // namespace lacuna::runtime::predict
