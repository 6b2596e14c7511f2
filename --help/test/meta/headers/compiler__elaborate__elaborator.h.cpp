#include "compiler/elaborate/elaborator.h"
#include "compiler/elaborate/elaborator.h"
