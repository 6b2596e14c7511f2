#include "compiler/ir/interpreter.h"
#include "compiler/ir/interpreter.h"
