#include "compiler/types/interval.h"
#include "compiler/types/interval.h"
