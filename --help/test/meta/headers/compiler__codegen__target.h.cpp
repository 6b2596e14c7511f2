#include "compiler/codegen/target.h"
#include "compiler/codegen/target.h"
