#include "compiler/syntax/limits.h"
#include "compiler/syntax/limits.h"
