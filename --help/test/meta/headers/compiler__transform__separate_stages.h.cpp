#include "compiler/transform/separate_stages.h"
#include "compiler/transform/separate_stages.h"
