#include "compiler/jit/library.h"
#include "compiler/jit/library.h"
