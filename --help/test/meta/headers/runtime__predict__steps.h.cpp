#include "runtime/predict/steps.h"
#include "runtime/predict/steps.h"
