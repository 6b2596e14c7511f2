#include "compiler/transform/carry_recurrences.h"
#include "compiler/transform/carry_recurrences.h"
