#include "compiler/codegen/math/functions.h"
#include "compiler/codegen/math/functions.h"
