#include "compiler/density/density.h"
#include "compiler/density/density.h"
