#include "compiler/syntax/ast_printer.h"
#include "compiler/syntax/ast_printer.h"
