#include "runtime/data/options.h"
#include "runtime/data/options.h"
