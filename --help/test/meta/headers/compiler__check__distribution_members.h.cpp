#include "compiler/check/distribution_members.h"
#include "compiler/check/distribution_members.h"
