#include "runtime/predict/predictor.h"
#include "runtime/predict/predictor.h"
