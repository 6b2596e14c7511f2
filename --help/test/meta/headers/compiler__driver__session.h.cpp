#include "compiler/driver/session.h"
#include "compiler/driver/session.h"
