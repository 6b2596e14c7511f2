#include "runtime/data/interner.h"
#include "runtime/data/interner.h"
