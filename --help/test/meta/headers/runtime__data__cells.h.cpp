#include "runtime/data/cells.h"
#include "runtime/data/cells.h"
