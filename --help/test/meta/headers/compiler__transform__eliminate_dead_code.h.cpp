#include "compiler/transform/eliminate_dead_code.h"
#include "compiler/transform/eliminate_dead_code.h"
