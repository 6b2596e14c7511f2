#include "runtime/data/dataset.h"
#include "runtime/data/dataset.h"
