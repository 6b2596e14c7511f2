#include "compiler/check/provisional_type.h"
#include "compiler/check/provisional_type.h"
