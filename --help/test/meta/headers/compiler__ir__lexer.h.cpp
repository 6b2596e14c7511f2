#include "compiler/ir/lexer.h"
#include "compiler/ir/lexer.h"
