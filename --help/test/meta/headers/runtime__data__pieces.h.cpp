#include "runtime/data/pieces.h"
#include "runtime/data/pieces.h"
