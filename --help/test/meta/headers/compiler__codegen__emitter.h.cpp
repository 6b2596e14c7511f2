#include "compiler/codegen/emitter.h"
#include "compiler/codegen/emitter.h"
