#include "compiler/driver/interpreted_model.h"
#include "compiler/driver/interpreted_model.h"
