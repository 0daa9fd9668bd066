// memory.c: memory that is written past the caches.
#include "include/kl_memory.h"

#include <stdint.h>
#include <string.h>

// What a memory line and a register of every processor are multiples of.
typedef uint32_t sixteen_bytes __attribute__((ext_vector_type(4)));
enum { LINE = 64 };

void kl_memory_clear(void *memory, size_t bytes) {
  char *p = memory;
  const size_t head = -(uintptr_t)memory % LINE;
  if (bytes < head + LINE) {
    memset(p, 0, bytes);
    return;
  }
  memset(p, 0, head);
  size_t i = head;
  for (; i + LINE <= bytes; i += LINE)
    for (size_t j = 0; j < LINE; j += sizeof(sixteen_bytes))
      __builtin_nontemporal_store((sixteen_bytes)0u, (sixteen_bytes *)(p + i + j));
  memset(p + i, 0, bytes - i);
#if defined(__x86_64__)
  __builtin_ia32_sfence(); // such writes may else come after later ones
#else
  __atomic_thread_fence(__ATOMIC_RELEASE);
#endif
}
