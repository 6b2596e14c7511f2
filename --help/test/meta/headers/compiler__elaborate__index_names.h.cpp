#include "compiler/elaborate/index_names.h"
#include "compiler/elaborate/index_names.h"
