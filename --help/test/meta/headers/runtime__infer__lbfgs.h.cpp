#include "runtime/infer/lbfgs.h"
#include "runtime/infer/lbfgs.h"
