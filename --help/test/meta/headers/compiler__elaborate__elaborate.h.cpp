#include "compiler/elaborate/elaborate.h"
#include "compiler/elaborate/elaborate.h"
