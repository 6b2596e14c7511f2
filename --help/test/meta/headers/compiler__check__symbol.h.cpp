#include "compiler/check/symbol.h"
#include "compiler/check/symbol.h"
