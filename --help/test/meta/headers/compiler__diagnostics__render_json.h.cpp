#include "compiler/diagnostics/render_json.h"
#include "compiler/diagnostics/render_json.h"
