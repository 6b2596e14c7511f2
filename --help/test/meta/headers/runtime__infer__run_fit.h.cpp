#include "runtime/infer/run_fit.h"
#include "runtime/infer/run_fit.h"
