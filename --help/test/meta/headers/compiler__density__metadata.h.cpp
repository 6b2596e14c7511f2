#include "compiler/density/metadata.h"
#include "compiler/density/metadata.h"
