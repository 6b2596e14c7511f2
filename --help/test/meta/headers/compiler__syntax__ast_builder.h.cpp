#include "compiler/syntax/ast_builder.h"
#include "compiler/syntax/ast_builder.h"
