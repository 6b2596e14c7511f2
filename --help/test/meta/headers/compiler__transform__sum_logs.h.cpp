#include "compiler/transform/sum_logs.h"
#include "compiler/transform/sum_logs.h"
