#include "compiler/ir/parser.h"
#include "compiler/ir/parser.h"
