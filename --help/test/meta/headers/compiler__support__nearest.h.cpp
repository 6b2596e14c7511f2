#include "compiler/support/nearest.h"
#include "compiler/support/nearest.h"
