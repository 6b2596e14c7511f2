#include "compiler/elaborate/reads.h"
#include "compiler/elaborate/reads.h"
