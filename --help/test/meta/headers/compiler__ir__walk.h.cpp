#include "compiler/ir/walk.h"
#include "compiler/ir/walk.h"
