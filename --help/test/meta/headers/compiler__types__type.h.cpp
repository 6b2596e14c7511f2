#include "compiler/types/type.h"
#include "compiler/types/type.h"
