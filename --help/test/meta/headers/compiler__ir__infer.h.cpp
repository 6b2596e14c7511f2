#include "compiler/ir/infer.h"
#include "compiler/ir/infer.h"
