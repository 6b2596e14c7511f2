#include "compiler/check/walk.h"
#include "compiler/check/walk.h"
