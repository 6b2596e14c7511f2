#include "compiler/syntax/boundaries.h"
#include "compiler/syntax/boundaries.h"
