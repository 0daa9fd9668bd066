// CMemoryLoops.h: what memory can do.
//
// Plain loops that do nothing but read and write arrays of floats, at the widest vectors of an instruction set.
// losses-benchmark runs them beside the losses, over the same arrays: no loss can be faster than its streams.
#ifndef C_MEMORY_LOOPS_H
#define C_MEMORY_LOOPS_H

#include <stddef.h>

typedef enum { ML_BASELINE, ML_AVX2, ML_AVX512 } ml_isa;

// The instruction set of this name, as LossRuntime.instructionSet spells it.
ml_isa ml_isa_named(const char *name);

typedef enum {
  ML_READ_SUM,       // the sum of x
  ML_READ_MAX,       // the largest of x
  ML_READ_TWO_SUM,   // the sum of x and y
  ML_READ_TWO_MAX,   // the largest of x and y
  ML_READ_WRITE,     // g = x a
  ML_READ_READ_WRITE // g = x a + y
} ml_loop;

// Runs a loop over n elements; arrays that it does not name may be NULL. The processor must have the
// instruction set. Returns what was read, reduced to one number.
float ml_run(ml_isa isa, ml_loop loop, const float *x, const float *y, float *g, size_t n);

#endif
