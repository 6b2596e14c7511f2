#include "runtime/infer/optimise.h"
#include "runtime/infer/optimise.h"
