#include "compiler/ir/special_functions.h"
#include "compiler/ir/special_functions.h"
