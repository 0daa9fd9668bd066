// exact_finish.c: the value of an exact accumulator: quotients of big integers, rounded once.
#include "exact.h"

#include <string.h>

// ---- magnitudes -----------------------------------------------------------------------------------------

// |x| = limbs[0 ..< count] * 2^exponent with the top bit of the top limb at `lead` (63 or 62), no low zero
// limbs; count 0 is zero.
typedef struct {
  uint64_t limb[KL_EXACT_A_LIMBS + 1];
  int count, exponent, negative;
} number;

static void number_shift_in(number *x, const uint64_t *low, int count, int exponent, int lead) {
  while (count > 0 && low[count - 1] == 0) count--;
  while (count > 0 && *low == 0) low++, count--, exponent += 64;
  x->count = count;
  if (count == 0) return;
  int left = __builtin_clzll(low[count - 1]) - (63 - lead);
  if (left < 0) {  // one to the right: a bit may fall into a new lowest limb
    uint64_t carry = 0;
    for (int i = count - 1; i >= 0; i--) {
      x->limb[i + 1] = low[i] >> 1 | carry << 63;
      carry = low[i] & 1;
    }
    x->limb[0] = carry << 63;
    x->count = count + 1;
    x->exponent = exponent - 63;
  } else {
    uint64_t carry = 0;
    for (int i = 0; i < count; i++) {
      x->limb[i] = low[i] << left | carry;
      carry = left ? low[i] >> (64 - left) : 0;
    }
    x->exponent = exponent - left;
  }
}

static void number_from(number *x, const uint64_t *limbs, int count, int exponent, int lead) {
  uint64_t magnitude[KL_EXACT_A_LIMBS];
  x->negative = (int)(limbs[count - 1] >> 63);
  if (x->negative) {
    uint64_t carry = 1;
    for (int i = 0; i < count; i++) {
      magnitude[i] = ~limbs[i] + carry;
      carry &= magnitude[i] == 0;
    }
    limbs = magnitude;
  }
  number_shift_in(x, limbs, count, exponent, lead);
}

// ---- the quotient ---------------------------------------------------------------------------------------

// |u / v| = (bits + something in [0, 1), non-zero if sticky) * 2^exponent, bits >= 2^62.
typedef struct {
  uint64_t bits;
  int exponent, sticky;
} quotient;

// One step of schoolbook division (Knuth's algorithm D). With m = v's limbs, u is read as m + 1 limbs and a
// fraction: 2^(64m + 62) <= u < 2^(64m + 63) and 2^(64m - 1) <= v < 2^(64m), so 2^62 < u/v < 2^64: one limb.
static quotient divide(const number *u, const number *v) {
  int m = v->count, k = u->count;
  uint64_t r[KL_EXACT_W_LIMBS + 2];
  for (int i = 0; i <= m; i++) r[i] = k - 1 - m + i >= 0 ? u->limb[k - 1 - m + i] : 0;
  // The estimate from the top limbs is at least the quotient and at most 2 more (v's top bit is set, and
  // r[m] < 2^63 <= v's top limb, so that it fits a limb).
  unsigned __int128 top = (unsigned __int128)r[m] << 64 | r[m - 1];
  uint64_t q = (uint64_t)(top / v->limb[m - 1]);
  uint64_t carry = 0, borrow = 0;
  for (int i = 0; i <= m; i++) {
    unsigned __int128 t = (unsigned __int128)q * (i < m ? v->limb[i] : 0) + carry;
    carry = (uint64_t)(t >> 64);
    unsigned __int128 d = (unsigned __int128)r[i] - (uint64_t)t - borrow;
    r[i] = (uint64_t)d;
    borrow = (uint64_t)(d >> 64) & 1;
  }
  while (borrow) {
    q--;
    uint64_t c = 0;
    for (int i = 0; i <= m; i++) {
      unsigned __int128 t = (unsigned __int128)r[i] + (i < m ? v->limb[i] : 0) + c;
      r[i] = (uint64_t)t;
      c = (uint64_t)(t >> 64);
    }
    borrow -= c;
  }
  uint64_t rest = 0;
  for (int i = 0; i <= m; i++) rest |= r[i];
  for (int i = 0; i < k - 1 - m; i++) rest |= u->limb[i];
  quotient result = {q, u->exponent - v->exponent + 64 * (k - 1 - m), rest != 0};
  return result;
}

// ---- rounding -------------------------------------------------------------------------------------------

typedef struct {
  int precision;  // bits of the significand
  int least;      // exponent of the least subnormal
  int width;      // bits of the type
} format;
static const format half_format = {11, -24, 16}, float_format = {24, -149, 32}, double_format = {53, -1074, 64};

static uint64_t infinity_of(const format *f) {
  int fraction = f->precision - 1;
  return (((uint64_t)1 << (f->width - 1 - fraction)) - 1) << fraction;
}
static uint64_t sign_of(const format *f, int negative) { return (uint64_t)negative << (f->width - 1); }

// To nearest, ties to even, straight to the type's own grid (subnormals included), so that there is one
// rounding. The encoding is monotonic: significand + (exponent of its last bit above the least) << fraction
// carries into the exponent by itself, up to the infinity.
static uint64_t round_to(const quotient *q, int negative, const format *f) {
  int last = q->exponent + 64 - __builtin_clzll(q->bits) - f->precision;
  if (last < f->least) last = f->least;
  int shift = last - q->exponent;  // >= 63 - precision > 0
  uint64_t kept = 0;
  if (shift <= 64) {
    kept = shift < 64 ? q->bits >> shift : 0;
    uint64_t half = (uint64_t)1 << (shift - 1), below = q->bits & ((half << 1) - 1);
    kept += below > half || (below == half && (q->sticky || (kept & 1)));
  }
  uint64_t steps = (uint64_t)(last - f->least), limit = infinity_of(f);
  if (steps >= limit >> (f->precision - 1)) return sign_of(f, negative) | limit;
  uint64_t bits = kept + (steps << (f->precision - 1));
  return sign_of(f, negative) | (bits < limit ? bits : limit);
}

// ---- the values -----------------------------------------------------------------------------------------

typedef enum { finite, not_a_number, infinite } kind;
static kind kind_of(uint64_t nan, uint64_t pinf, uint64_t ninf) {
  return nan || (pinf && ninf) ? not_a_number : pinf || ninf ? infinite : finite;
}
static uint64_t nan_of(const format *f) { return infinity_of(f) | (uint64_t)1 << (f->precision - 2); }

// u / v for numbers that are finite or infinite (then only their sign counts) or NaN; see kl_exact.h.
static uint64_t value(const number *u, kind ku, const number *v, kind kv, const format *f) {
  if (kv == finite && v->count == 0) return 0;
  if (ku == not_a_number || kv == not_a_number || (ku == infinite && kv == infinite)) return nan_of(f);
  int negative = u->negative ^ v->negative;
  if (ku == infinite) return sign_of(f, negative) | infinity_of(f);
  if (u->count == 0) return 0;
  if (kv == infinite) return sign_of(f, negative);
  quotient q = divide(u, v);
  return round_to(&q, negative, f);
}

// A as a numerator; leaves the sign of an infinity in `negative`.
static kind load_a(const kl_exact *acc, number *u) {
  kind k = kind_of(acc->nan, acc->pinf, acc->ninf);
  number_from(u, acc->a, KL_EXACT_A_LIMBS, KL_EXACT_A_BASE, 62);
  if (k == infinite) u->negative = acc->ninf != 0;
  return k;
}

static kind load_w(const kl_exact *acc, number *v, int lead) {
  kind k = kind_of(acc->wnan, acc->wpinf, acc->wninf);
  number_from(v, acc->w, KL_EXACT_W_LIMBS, KL_EXACT_W_BASE, lead);
  if (k == infinite) v->negative = acc->wninf != 0;
  return k;
}

static void number_of_count(number *v, uint64_t count) {
  v->negative = 0;
  number_shift_in(v, &count, 1, 0, 63);
}

static uint64_t over_count(const kl_exact *acc, uint64_t count, const format *f) {
  number u, v;
  kind k = load_a(acc, &u);
  number_of_count(&v, count);
  return value(&u, k, &v, finite, f);
}

static uint64_t over_weights(const kl_exact *acc, const format *f) {
  number u, v;
  kind ku = load_a(acc, &u), kv = load_w(acc, &v, 63);
  return value(&u, ku, &v, kv, f);
}

static float float_of(uint64_t bits) {
  uint32_t narrow = (uint32_t)bits;
  float x;
  memcpy(&x, &narrow, sizeof x);
  return x;
}
static double double_of(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
static uint16_t half_of(uint64_t bits) { return (uint16_t)bits; }

#define VALUES(real, suffix, of, fmt)                                                                   \
  real kl_exact_sum_##suffix(const kl_exact *acc) { return of(over_count(acc, 1, &fmt)); }              \
  real kl_exact_over_count_##suffix(const kl_exact *acc, uint64_t count) {                              \
    return of(over_count(acc, count, &fmt));                                                            \
  }                                                                                                     \
  real kl_exact_over_weights_##suffix(const kl_exact *acc) { return of(over_weights(acc, &fmt)); }
VALUES(float, f32, float_of, float_format)
VALUES(double, f64, double_of, double_format)
VALUES(uint16_t, f16, half_of, half_format)

double kl_exact_share(const kl_exact *acc, double weight) {
  number u, v;
  uint64_t bits;
  memcpy(&bits, &weight, sizeof bits);
  int field = (int)(bits >> 52) & 0x7ff;
  uint64_t fraction = bits & 0xfffffffffffffull;
  kind ku = field < 0x7ff ? finite : fraction ? not_a_number : infinite;
  if (field) fraction |= 0x10000000000000ull;
  number_shift_in(&u, &fraction, 1, (field ? field : 1) - 1075, 62);
  u.negative = (int)(bits >> 63);
  kind kv = load_w(acc, &v, 63);
  return double_of(value(&u, ku, &v, kv, &double_format));
}

double kl_exact_weight_sum(const kl_exact *acc) {
  number u, v;
  kind k = load_w(acc, &u, 62);
  number_of_count(&v, 1);
  return double_of(value(&u, k, &v, finite, &double_format));
}
