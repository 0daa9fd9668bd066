// softmax_look.h: what is known of a block before its turn.
//
// Part of the template softmax_row.h.

// What is known of a block before its turn comes: found while the block before it is computed, so that
// memory is read evenly and at the beginning of a block (or row) nothing waits.
typedef struct {
  T max;                         // NaN is passed over; −inf if there is nothing
  T min;                         // 0 if nothing is less
  bool finite;                   // all are
  MASK keys[KL_BLOCK / GROUP];   // of each whole group, by lanes; equal to the bits of max in a group that has it
} KL_(kl_look);

// Numbers are compared as integers, which any unit can do: positive ones are in order as signed integers, negative
// ones in the opposite order as unsigned ones. NaN of either sign lies beyond infinity.
KL_INLINE KL_(kl_key) KL_(kl_key_of)(T x) { return (union { T x; KL_(kl_key) key; }){x}.key; }
KL_INLINE T KL_(kl_of_key)(KL_(kl_key) key) { return (union { KL_(kl_key) key; T x; }){key}.x; }
KL_INLINE MASK KL_(kl_keys_at)(const T *x) { return (union { V x; MASK keys; }){LOAD(x)}.keys; }

// By lanes: the largest as signed and as unsigned integers.
typedef struct { MASK top; KL_(kl_ordinals) bottom; } KL_(kl_scan);

KL_INLINE void KL_(kl_scan_vector)(KL_(kl_scan) *s, MASK keys) {
  s->top = __builtin_elementwise_max(s->top, keys);
  s->bottom = __builtin_elementwise_max(s->bottom, (KL_(kl_ordinals))keys);
}
KL_INLINE MASK KL_(kl_scan_group)(KL_(kl_scan) *s, const T *x) {
  KL_(kl_scan) group = {KL_(kl_keys_at)(x), (KL_(kl_ordinals))KL_(kl_keys_at)(x)};
  KL_UNROLLED for (int j = 1; j < 4; j++) KL_(kl_scan_vector)(&group, KL_(kl_keys_at)(x + j * LANES));
  s->top = __builtin_elementwise_max(s->top, group.top);
  s->bottom = __builtin_elementwise_max(s->bottom, group.bottom);
  return group.top;
}

// The maximum where no number is positive: the least as unsigned integers.
KL_NOINLINE T KL_(kl_negative_max)(const T *x, int n, MASK *keys) {
  KL_(kl_ordinals) least = ~(KL_(kl_ordinals))(MASK)0;
  for (int i = 0; i < n; i += LANES) {
    const KL_(kl_ordinals) k = (KL_(kl_ordinals))KL_(kl_keys_at)(x + (i + LANES <= n ? i : n - LANES));
    least = __builtin_elementwise_min(least, k);
    if (i + LANES > n / GROUP * GROUP) continue;
    MASK *group = keys + i / GROUP;
    *group = i % GROUP == 0 ? (MASK)k : (MASK)__builtin_elementwise_min((KL_(kl_ordinals))*group, k);
  }
  return KL_(kl_of_key)((KL_(kl_key))__builtin_reduce_min(least));
}
// The maximum of a block in which there is NaN.
KL_NOINLINE T KL_(kl_max_beside_nan)(const T *x, int n) {
  V m = kl_splat(-INFINITE);
  for (int i = 0; i < n; i += LANES) m = kl_larger(LOAD(x + (i + LANES <= n ? i : n - LANES)), m);
  return kl_largest(m);
}

// Looks at the classes from `done` on (whole groups; the others are in the scan) and sums up.
KL_INLINE void KL_(kl_look_end)(KL_(kl_look) *look, KL_(kl_scan) s, const T *x, int done, int n) {
  const KL_(kl_key) infinite = KL_(kl_key_of)(INFINITE), minus = KL_(kl_key_of)(-INFINITE);
  if (n == 0) return;
  int i = done;
  for (; i + GROUP <= n; i += GROUP) look->keys[i / GROUP] = KL_(kl_scan_group)(&s, x + i);
  for (; i + LANES <= n; i += LANES) KL_(kl_scan_vector)(&s, KL_(kl_keys_at)(x + i));
  if (i < n) KL_(kl_scan_vector)(&s, KL_(kl_keys_at)(x + n - LANES));
  const KL_(kl_key) top = __builtin_reduce_max(s.top), bottom = (KL_(kl_key))__builtin_reduce_max(s.bottom);
  const bool nan = top > infinite || (bottom < 0 && bottom > minus);
  look->finite = top < infinite && (bottom >= 0 || bottom < minus);
  look->min = bottom < 0 ? KL_(kl_of_key)(bottom) : 0;
  look->max = nan        ? KL_(kl_max_beside_nan)(x, n)
              : top >= 0 ? KL_(kl_of_key)(top)
                         : KL_(kl_negative_max)(x, n, look->keys);
}
KL_INLINE KL_(kl_scan) KL_(kl_scan_begin)(void) {
  return (KL_(kl_scan)){(MASK)(KL_(kl_ordinals))((MASK)0) + KL_(kl_key_of)(-(T)0), (KL_(kl_ordinals))(MASK)0};
}
KL_NOINLINE void KL_(kl_look_at)(KL_(kl_look) *look, const T *x, int n) {
  KL_(kl_look_end)(look, KL_(kl_scan_begin)(), x, 0, n);
}
