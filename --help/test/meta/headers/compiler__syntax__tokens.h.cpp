#include "compiler/syntax/tokens.h"
#include "compiler/syntax/tokens.h"
