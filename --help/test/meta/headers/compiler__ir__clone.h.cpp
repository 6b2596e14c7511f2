#include "compiler/ir/clone.h"
#include "compiler/ir/clone.h"
