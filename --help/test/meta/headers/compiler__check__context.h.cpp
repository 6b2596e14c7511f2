#include "compiler/check/context.h"
#include "compiler/check/context.h"
