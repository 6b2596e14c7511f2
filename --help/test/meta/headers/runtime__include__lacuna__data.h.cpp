#include "runtime/include/lacuna/data.h"
#include "runtime/include/lacuna/data.h"
