#include "runtime/assess/summary.h"
#include "runtime/assess/summary.h"
