#include "compiler/elaborate/model.h"
#include "compiler/elaborate/model.h"
