// The C header that goes with an object: the inputs of one model as structs with the program's names.
//
// needs    the model's metadata
// leaves   C99 and C++ text that includes lacuna/model.h only
// shown by test/lit/command/compile_object.test
#pragma once
#include <string>

#include "lacuna/metadata.h"

namespace lacuna::driver {

std::string model_header(const lacuna_metadata& metadata);

}  // namespace lacuna::driver
