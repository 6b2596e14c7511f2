#include "compiler/check/linear.h"
#include "compiler/check/linear.h"
