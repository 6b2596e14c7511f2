#include "compiler/syntax/syntax_errors.h"
#include "compiler/syntax/syntax_errors.h"
