#include "compiler/ir/evaluate.h"
#include "compiler/ir/evaluate.h"
