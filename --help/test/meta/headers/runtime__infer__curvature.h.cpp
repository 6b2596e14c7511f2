#include "runtime/infer/curvature.h"
#include "runtime/infer/curvature.h"
