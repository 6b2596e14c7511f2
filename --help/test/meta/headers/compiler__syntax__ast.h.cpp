#include "compiler/syntax/ast.h"
#include "compiler/syntax/ast.h"
