#include "compiler/syntax/doc_comments.h"
#include "compiler/syntax/doc_comments.h"
