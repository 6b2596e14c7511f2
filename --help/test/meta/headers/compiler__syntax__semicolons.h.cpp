#include "compiler/syntax/semicolons.h"
#include "compiler/syntax/semicolons.h"
