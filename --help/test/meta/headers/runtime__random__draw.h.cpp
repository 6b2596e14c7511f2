#include "runtime/random/draw.h"
#include "runtime/random/draw.h"
