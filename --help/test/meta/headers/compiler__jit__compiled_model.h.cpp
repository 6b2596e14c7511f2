#include "compiler/jit/compiled_model.h"
#include "compiler/jit/compiled_model.h"
