#include "compiler/ir/body_parser.h"
#include "compiler/ir/body_parser.h"
