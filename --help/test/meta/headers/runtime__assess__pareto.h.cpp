#include "runtime/assess/pareto.h"
#include "runtime/assess/pareto.h"
