#include "compiler/density/operand.h"
#include "compiler/density/operand.h"
