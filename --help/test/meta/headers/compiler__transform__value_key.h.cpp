#include "compiler/transform/value_key.h"
#include "compiler/transform/value_key.h"
