#include "compiler/density/transform.h"
#include "compiler/density/transform.h"
