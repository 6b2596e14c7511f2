#include "compiler/syntax/operators.h"
#include "compiler/syntax/operators.h"
