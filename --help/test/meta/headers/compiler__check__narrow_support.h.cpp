#include "compiler/check/narrow_support.h"
#include "compiler/check/narrow_support.h"
