#include "compiler/transform/passes.h"
#include "compiler/transform/passes.h"
