// `predict` of an interpreted model: the oracle for that of compiled tables, and `--interpret` of the verbs that predict.
//
// needs    bound models of an InterpretedModel
// leaves   the cells that are asked for, draw by draw
// shown by test/unit/jit/prediction_gallery_test.cpp
#pragma once
#include "lacuna/model.h"

namespace lacuna::driver {

// As lacuna_model::predict says; the workspace is not used.
int interpret_prediction(const lacuna_prediction* request, void* workspace, lacuna_error* error);

}  // namespace lacuna::driver
