#include "runtime/random/philox.h"
#include "runtime/random/philox.h"
