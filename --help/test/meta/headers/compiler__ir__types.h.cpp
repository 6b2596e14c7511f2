#include "compiler/ir/types.h"
#include "compiler/ir/types.h"
