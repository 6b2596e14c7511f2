#include "runtime/include/lacuna/model.h"
#include "runtime/include/lacuna/model.h"
