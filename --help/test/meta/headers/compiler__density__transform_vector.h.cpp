#include "compiler/density/transform_vector.h"
#include "compiler/density/transform_vector.h"
