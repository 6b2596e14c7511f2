#include "compiler/codegen/module_code.h"
#include "compiler/codegen/module_code.h"
