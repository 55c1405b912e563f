/* Which engine this is, and what the processor can do; see processor.c. */

#ifndef DREAM_PROCESSOR_H
#define DREAM_PROCESSOR_H

#include "rng.h"

/* Raised with every change after which some recipe gives other bytes, or some function takes other
 * arguments. */
#define DREAM_VERSION 1

DREAM_EXPORT int32_t dream_version(void);

/* 0: no fused multiply-add. 1: it is there. 3: all of x86-64-v3. 4: all of x86-64-v4. */
DREAM_EXPORT int32_t dream_processor(void);

#endif
