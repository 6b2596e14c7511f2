#include "compiler/transform/multiply_by_reciprocals.h"
#include "compiler/transform/multiply_by_reciprocals.h"
