// The C header that goes with an object: the inputs of one model as a struct with the program's names.
//
// needs    the model's metadata
// leaves   C99 and C++ text that includes lacuna/model.h only, and that somebody who has never seen Lacuna can read
// shown by test/lit/command/compile_header.test, test/embed/
#pragma once
#include <string>

#include "lacuna/metadata.h"

namespace lacuna::driver {

std::string model_header(const lacuna_metadata& metadata);

}  // namespace lacuna::driver
