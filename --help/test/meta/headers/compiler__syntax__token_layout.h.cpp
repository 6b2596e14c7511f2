#include "compiler/syntax/token_layout.h"
#include "compiler/syntax/token_layout.h"
