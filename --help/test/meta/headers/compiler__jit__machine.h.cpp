#include "compiler/jit/machine.h"
#include "compiler/jit/machine.h"
