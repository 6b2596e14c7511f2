#include "runtime/predict/units.h"
#include "runtime/predict/units.h"
