#include "compiler/elaborate/support_bounds.h"
#include "compiler/elaborate/support_bounds.h"
