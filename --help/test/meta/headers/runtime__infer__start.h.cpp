#include "runtime/infer/start.h"
#include "runtime/infer/start.h"
