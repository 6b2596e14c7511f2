#include "runtime/infer/svi.h"
#include "runtime/infer/svi.h"
