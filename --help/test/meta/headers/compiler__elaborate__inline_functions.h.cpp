#include "compiler/elaborate/inline_functions.h"
#include "compiler/elaborate/inline_functions.h"
