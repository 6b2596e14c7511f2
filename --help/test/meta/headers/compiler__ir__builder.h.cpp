#include "compiler/ir/builder.h"
#include "compiler/ir/builder.h"
