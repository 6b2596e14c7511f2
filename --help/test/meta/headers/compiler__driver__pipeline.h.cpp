#include "compiler/driver/pipeline.h"
#include "compiler/driver/pipeline.h"
