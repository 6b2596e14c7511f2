#include "runtime/data/labels.h"
#include "runtime/data/labels.h"
