#include "compiler/autodiff/reversal.h"
#include "compiler/autodiff/reversal.h"
