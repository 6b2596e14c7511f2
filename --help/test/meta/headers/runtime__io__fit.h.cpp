#include "runtime/io/fit.h"
#include "runtime/io/fit.h"
