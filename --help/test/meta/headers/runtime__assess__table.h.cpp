#include "runtime/assess/table.h"
#include "runtime/assess/table.h"
