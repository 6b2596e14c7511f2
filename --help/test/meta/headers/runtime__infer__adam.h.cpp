#include "runtime/infer/adam.h"
#include "runtime/infer/adam.h"
