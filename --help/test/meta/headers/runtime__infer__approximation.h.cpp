#include "runtime/infer/approximation.h"
#include "runtime/infer/approximation.h"
