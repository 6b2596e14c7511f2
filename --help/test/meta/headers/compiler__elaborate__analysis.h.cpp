#include "compiler/elaborate/analysis.h"
#include "compiler/elaborate/analysis.h"
