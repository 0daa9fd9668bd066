// exact_bodies.h: exact_body.h for float and double (see dispatch.h).
#define LEVEL 52  // bits per level
#define FMA KL_PASTE(KL_HAS_FMA, KL_ISA)

#define FLOAT 1
#define NAME(x) x##_f32
#include "exact_body.h"
#undef NAME
#undef FLOAT

#define FLOAT 0
#define NAME(x) x##_f64
#include "exact_body.h"
#undef NAME
#undef FLOAT

#undef FMA
#undef LEVEL
