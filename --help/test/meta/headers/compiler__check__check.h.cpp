#include "compiler/check/check.h"
#include "compiler/check/check.h"
