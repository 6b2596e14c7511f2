#include "compiler/codegen/code.h"
#include "compiler/codegen/code.h"
