#include "compiler/transform/hoist_invariants.h"
#include "compiler/transform/hoist_invariants.h"
