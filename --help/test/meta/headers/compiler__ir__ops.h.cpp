#include "compiler/ir/ops.h"
#include "compiler/ir/ops.h"
