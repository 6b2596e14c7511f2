#include "compiler/support/json_text.h"
#include "compiler/support/json_text.h"
