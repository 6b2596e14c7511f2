#include "compiler/diagnostics/explain.h"
#include "compiler/diagnostics/explain.h"
