#include "rng.c"
