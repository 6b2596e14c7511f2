#include "compiler/transform/gather_inputs.h"
#include "compiler/transform/gather_inputs.h"
