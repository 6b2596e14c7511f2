#include "compiler/transform/simplify.h"
#include "compiler/transform/simplify.h"
