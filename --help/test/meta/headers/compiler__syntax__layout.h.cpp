#include "compiler/syntax/layout.h"
#include "compiler/syntax/layout.h"
