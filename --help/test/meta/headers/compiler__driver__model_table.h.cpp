#include "compiler/driver/model_table.h"
#include "compiler/driver/model_table.h"
