#include "compiler/check/presence.h"
#include "compiler/check/presence.h"
