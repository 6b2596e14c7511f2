#include "compiler/codegen/lanes.h"
#include "compiler/codegen/lanes.h"
