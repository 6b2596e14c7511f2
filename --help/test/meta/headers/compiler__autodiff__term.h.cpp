#include "compiler/autodiff/term.h"
#include "compiler/autodiff/term.h"
