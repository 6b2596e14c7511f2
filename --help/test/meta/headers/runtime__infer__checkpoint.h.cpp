#include "runtime/infer/checkpoint.h"
#include "runtime/infer/checkpoint.h"
