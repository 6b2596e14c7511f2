#include "runtime/infer/density.h"
#include "runtime/infer/density.h"
