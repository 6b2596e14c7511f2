#include "runtime/infer/guide.h"
#include "runtime/infer/guide.h"
