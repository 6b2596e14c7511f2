#include "runtime/include/lacuna/metadata.h"
#include "runtime/include/lacuna/metadata.h"
