// kl_memory.h: memory that is written past the caches (the public face).
#ifndef KL_MEMORY_H
#define KL_MEMORY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Writes zeros past the caches, without reading what was there: for memory of which the caches would keep little.
// Ordered before all that the thread writes afterwards.
void kl_memory_clear(void *memory, size_t bytes);

#ifdef __cplusplus
}
#endif
#endif
