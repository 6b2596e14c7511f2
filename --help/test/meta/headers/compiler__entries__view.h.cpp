#include "compiler/entries/view.h"
#include "compiler/entries/view.h"
