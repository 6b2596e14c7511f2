#include "compiler/elaborate/make_expr.h"
#include "compiler/elaborate/make_expr.h"
