#include "compiler/check/expr.h"
#include "compiler/check/expr.h"
