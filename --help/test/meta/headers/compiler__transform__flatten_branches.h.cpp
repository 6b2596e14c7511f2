#include "compiler/transform/flatten_branches.h"
#include "compiler/transform/flatten_branches.h"
