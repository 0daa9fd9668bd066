// hashing.h: the numbers that go into the kernels, and hashes of what comes out.
#ifndef HASHING_H
#define HASHING_H

#include "CLossKernels.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNUSED __attribute__((unused))

// Set at the start of every kernel.
static uint64_t random_state;

static UNUSED uint64_t next_random(void) {
  random_state += 0x9e3779b97f4a7c15u;
  uint64_t z = random_state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// In −1 … 1, exact in a Float.
static UNUSED double random_unit(void) { return (double)((int64_t)(next_random() >> 40) - (1 << 23)) * 0x1p-23; }

static UNUSED uint64_t hash(uint64_t state, const void *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) state = (state ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3u;
  return state;
}

static const uint64_t hash_start = 0xcbf29ce484222325u;

static UNUSED size_t width(kl_type type) {
  switch (type) {
  case KL_F64: case KL_I64: case KL_U64: return 8;
  case KL_F32: case KL_I32: case KL_U32: return 4;
  case KL_F16: case KL_I16: case KL_U16: return 2;
  default: return 1;
  }
}

// A half from a number that is exact in one.
static UNUSED uint16_t half_bits(double x) {
  const float f = (float)x;
  uint32_t bits;
  memcpy(&bits, &f, 4);
  if ((bits & 0x7fffffff) == 0) return (uint16_t)(bits >> 16);
  return (uint16_t)((bits >> 16 & 0x8000) | (((bits >> 23 & 0xff) - 112) << 10) | (bits >> 13 & 0x3ff));
}

static UNUSED void put(kl_type type, void *base, size_t i, double x) {
  switch (type) {
  case KL_F64: ((double *)base)[i] = x; break;
  case KL_F32: ((float *)base)[i] = (float)x; break;
  case KL_F16: ((uint16_t *)base)[i] = half_bits(x); break;
  case KL_I64: case KL_U64: ((int64_t *)base)[i] = (int64_t)x; break;
  case KL_I32: case KL_U32: ((int32_t *)base)[i] = (int32_t)x; break;
  case KL_I16: case KL_U16: ((int16_t *)base)[i] = (int16_t)x; break;
  default: ((int8_t *)base)[i] = (int8_t)x; break;
  }
}

// Logits of several kinds: moderate, far apart, with −inf, shifted, and confident rows. Exact in a half.
static UNUSED double logit(int kind, int64_t c, int64_t label) {
  const double x = (double)((int64_t)(next_random() >> 54) - 512) * 0x1p-6; // −8 … 8
  switch (kind % 5) {
  case 0: return x;
  case 1: return x * 8;
  case 2: return (next_random() & 7) == 0 && c != label ? -__builtin_inf() : x;
  case 3: return x + 1024;
  default: return c == label ? 40 : x;
  }
}

// Block functions on numbers of all sizes.
static UNUSED double any_number(int i) {
  switch (i % 4) {
  case 0: return random_unit();
  case 1: return random_unit() * 90;
  case 2: return random_unit() * 0x1p-20;
  default: return random_unit() * random_unit() * 0x1p40;
  }
}

enum { BLOCK = 777 };

// Pairs of rows, columns, sequences, rows of logits; products of matrices, pairs of a circle loss.
void hash_rows(void);
void hash_matrix(void);

#endif
