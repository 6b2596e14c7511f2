#include "compiler/diagnostics/render_text.h"
#include "compiler/diagnostics/render_text.h"
