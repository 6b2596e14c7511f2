#include "compiler/syntax/foreign_types.h"
#include "compiler/syntax/foreign_types.h"
