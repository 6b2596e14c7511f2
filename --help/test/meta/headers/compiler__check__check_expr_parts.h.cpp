#include "compiler/check/check_expr_parts.h"
#include "compiler/check/check_expr_parts.h"
