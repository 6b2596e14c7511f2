#include "compiler/autodiff/store_carried.h"
#include "compiler/autodiff/store_carried.h"
