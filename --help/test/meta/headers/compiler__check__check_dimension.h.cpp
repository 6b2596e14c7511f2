#include "compiler/check/check_dimension.h"
#include "compiler/check/check_dimension.h"
