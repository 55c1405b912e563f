/* All of the engine as one unit, so that a build is one call of a compiler. */

#include "dream.c"
