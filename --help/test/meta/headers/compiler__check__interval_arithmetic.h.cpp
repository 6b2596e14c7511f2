#include "compiler/check/interval_arithmetic.h"
#include "compiler/check/interval_arithmetic.h"
