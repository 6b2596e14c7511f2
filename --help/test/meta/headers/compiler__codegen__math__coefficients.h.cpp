#include "compiler/codegen/math/coefficients.h"
#include "compiler/codegen/math/coefficients.h"
