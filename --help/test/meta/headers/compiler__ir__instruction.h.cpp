#include "compiler/ir/instruction.h"
#include "compiler/ir/instruction.h"
