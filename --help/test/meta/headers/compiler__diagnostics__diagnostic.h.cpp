#include "compiler/diagnostics/diagnostic.h"
#include "compiler/diagnostics/diagnostic.h"
