#include "compiler/syntax/depth.h"
#include "compiler/syntax/depth.h"
