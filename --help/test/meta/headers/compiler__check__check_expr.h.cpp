#include "compiler/check/check_expr.h"
#include "compiler/check/check_expr.h"
