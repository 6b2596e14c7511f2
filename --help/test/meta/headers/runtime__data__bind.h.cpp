#include "runtime/data/bind.h"
#include "runtime/data/bind.h"
