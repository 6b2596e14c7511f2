#include "runtime/io/bytes.h"
#include "runtime/io/bytes.h"
