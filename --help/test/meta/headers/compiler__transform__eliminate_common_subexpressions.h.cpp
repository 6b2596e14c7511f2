#include "compiler/transform/eliminate_common_subexpressions.h"
#include "compiler/transform/eliminate_common_subexpressions.h"
