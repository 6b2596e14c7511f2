#include "compiler/codegen/layout.h"
#include "compiler/codegen/layout.h"
