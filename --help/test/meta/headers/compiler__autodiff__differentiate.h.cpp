#include "compiler/autodiff/differentiate.h"
#include "compiler/autodiff/differentiate.h"
