#include "compiler/transform/fuse_loops.h"
#include "compiler/transform/fuse_loops.h"
