#include "compiler/autodiff/block_reversal.h"
#include "compiler/autodiff/block_reversal.h"
