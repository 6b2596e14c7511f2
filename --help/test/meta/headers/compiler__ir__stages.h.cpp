#include "compiler/ir/stages.h"
#include "compiler/ir/stages.h"
