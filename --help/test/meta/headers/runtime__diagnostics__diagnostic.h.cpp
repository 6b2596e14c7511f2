#include "runtime/diagnostics/diagnostic.h"
#include "runtime/diagnostics/diagnostic.h"
