#include "compiler/schedule/choose.h"
#include "compiler/schedule/choose.h"
