#include "compiler/ir/cursor.h"
#include "compiler/ir/cursor.h"
