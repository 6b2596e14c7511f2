#include "compiler/support/arena.h"
#include "compiler/support/arena.h"
