#include "compiler/syntax/format.h"
#include "compiler/syntax/format.h"
