#include "compiler/jit/jit.h"
#include "compiler/jit/jit.h"
