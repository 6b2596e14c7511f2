#include "compiler/ir/module.h"
#include "compiler/ir/module.h"
