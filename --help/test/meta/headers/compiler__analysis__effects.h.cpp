#include "compiler/analysis/effects.h"
#include "compiler/analysis/effects.h"
