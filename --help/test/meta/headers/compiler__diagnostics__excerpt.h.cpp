#include "compiler/diagnostics/excerpt.h"
#include "compiler/diagnostics/excerpt.h"
