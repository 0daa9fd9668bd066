// softmax_groups.h: a block of a row, four vectors at a time.
//
// Part of the template softmax_row.h.

// e of a vector: 0 below `lowest`; NaN stays NaN.
KL_INLINE V KL_(kl_softmax_e)(V x, V base, V magic, V lowest) {
  const V a = x - base;
  return kl_select(a < lowest, kl_splat((T)0), kl_exp_scaled(a, magic));
}

// Lanes of a row's last vector that belong to it: the vector ends with the row, so that nothing is read
// beyond, and begins among classes that have had their turn. (Buffers have LANES elements in front.)
KL_INLINE MASK KL_(kl_last_lanes)(int count) { return ORDINALS >= LANES - count; }

// What a row's vectors need of it, in registers while a block is done.
typedef struct {
  V max, reference, base, magic, lowest;
  KL_(kl_sum) others, labels, label_z;
  MASK peaks;
} KL_(kl_state);

KL_INLINE KL_(kl_state) KL_(kl_row_open)(const KL_(kl_row) *r) {
  return (KL_(kl_state)){kl_splat(r->max), kl_splat(r->reference), kl_splat(r->now.base), kl_splat(r->now.magic),
                         kl_splat(r->lowest), r->others, r->labels, r->label_z, (MASK)0};
}
KL_INLINE void KL_(kl_row_close)(KL_(kl_row) *r, const KL_(kl_state) *s) {
  r->others = s->others, r->labels = s->labels, r->label_z = s->label_z;
  r->peaks += kl_count(s->peaks);
}

// The last group, of which there are `count` classes: the rest is `padding`.
KL_INLINE void KL_(kl_last_load)(V v[4], const T *p, int count, T padding) {
  KL_UNROLLED for (int j = 0, here = count; j < 4; j++, here -= LANES) {
    v[j] = here >= LANES ? LOAD(p + j * LANES) : kl_splat(padding);
    if (here > 0 && here < LANES) v[j] = kl_select(KL_(kl_last_lanes)(here), LOAD(p + count - LANES), v[j]);
  }
}
KL_INLINE void KL_(kl_last_store)(T *p, const V v[4], int count) {
  KL_UNROLLED for (int j = 0, here = count; j < 4; j++, here -= LANES) {
    if (here >= LANES) kl_store(p + j * LANES, v[j]);
    else if (here > 0) kl_store(p + count - LANES, kl_select(KL_(kl_last_lanes)(here), v[j], LOAD(p + count - LANES)));
  }
}

// Sums of a group of four vectors: e that are no peaks, y, y z.
KL_INLINE void KL_(kl_group_add)(KL_(kl_state) *s, const V e[4], const V y[4], const V z[4], const bool dense) {
  KL_(kl_sum_add)(&s->others, (e[0] + e[1]) + (e[2] + e[3]));
  if (!dense) return;
  KL_(kl_sum_add)(&s->labels, (y[0] + y[1]) + (y[2] + y[3]));
  KL_(kl_sum_add)(&s->label_z, kl_fma(y[1], z[1], y[0] * z[0]) + kl_fma(y[3], z[3], y[2] * z[2]));
}

// Adds a group of logits (and labels) to the sums, or the last one, of which there are `count`. Any numbers; peaks
// are counted.
KL_INLINE void KL_(kl_group_any)(KL_(kl_state) *s, const T *xs, const T *ys, T *es, int count, const bool dense,
                                 const bool store) {
  const V zero = kl_splat((T)0);
  V x[4], y[4];
  KL_(kl_last_load)(x, xs, count, -INFINITE);
  if (dense) KL_(kl_last_load)(y, ys, count, 0);
  V e[4], z[4], below[4] = {x[0] - s->base, x[1] - s->base, x[2] - s->base, x[3] - s->base};
  KL_UNROLLED for (int j = 0; j < 4; j++) e[j] = below[j];
  kl_exp_scaled_all(e, 4, s->magic);
  KL_UNROLLED for (int j = 0; j < 4; j++) {
    const MASK is_peak = x[j] == s->max;
    if (dense) z[j] = kl_select(y[j] == 0, zero, x[j] - s->reference); // 0·(−inf) is 0 here
    x[j] = kl_select(below[j] < s->lowest, zero, e[j]);                // as kl_softmax_e
    e[j] = kl_select(is_peak, zero, x[j]);
    s->peaks += is_peak;
  }
  if (store) KL_(kl_last_store)(es, x, count);
  KL_(kl_group_add)(s, e, y, z, dense);
}

// The same bits for n/4 groups where base is 0, no e is 0 and none is a peak: as most groups are. A processor
// that does two multiplications at a time compares on the same units: here nothing is compared.
KL_INLINE void KL_(kl_groups_plain)(KL_(kl_state) *s, const T *x, const T *y, T *e, const int n, const bool dense,
                                    const bool store) {
  V v[8];
  KL_EACH v[j] = LOAD(x + j * LANES);
  kl_exp_normal_all(v, n, s->magic);
  if (store) KL_EACH kl_store(e + j * LANES, v[j]);
  KL_UNROLLED for (int j = 0; j < n; j += 4) KL_(kl_sum_add)(&s->others, (v[j] + v[j + 1]) + (v[j + 2] + v[j + 3]));
  if (!dense) return;
  __asm__("" ::: "memory"); // x is read again: kept, it would push others out of the registers
  KL_UNROLLED for (int j = 0; j < n; j += 4) {
    V yv[4], z[4];
    KL_UNROLLED for (int i = 0; i < 4; i++) {
      yv[i] = LOAD(y + (i + j) * LANES);
      z[i] = LOAD(x + (i + j) * LANES) - s->reference;
    }
    KL_(kl_sum_add)(&s->labels, (yv[0] + yv[1]) + (yv[2] + yv[3]));
    KL_(kl_sum_add)(&s->label_z, kl_fma(yv[1], z[1], yv[0] * z[0]) + kl_fma(yv[3], z[3], yv[2] * z[2]));
  }
}

// Adds z to its sum, for smoothing.
KL_NOINLINE void KL_(kl_row_smooth)(KL_(kl_row) *r, const T *x, int n) {
  const V reference = kl_splat(r->reference), zero = kl_splat((T)0);
  V z[4] = {zero, zero, zero, zero};
  for (int i = 0, j = 0; i < n; i += LANES, j++) {
    const bool whole = i + LANES <= n;
    const V v = LOAD(x + (whole ? i : n - LANES)) - reference;
    z[j % 4] = whole ? v : kl_select(KL_(kl_last_lanes)(n - i), v, zero);
    if (j % 4 == 3 || i + LANES >= n) {
      KL_(kl_sum_add)(&r->sum_z, (z[0] + z[1]) + (z[2] + z[3]));
      z[0] = z[1] = z[2] = z[3] = zero;
    }
  }
}

// Asks for what will be read: the processor does so by itself, but not across the end of a page. Labels are not
// looked at ahead of their turn, so they are asked for one block before, logits two.
// (The address may lie beyond the array: it is made as an integer.)
#define KL_ASK(p, index, level) \
  __builtin_prefetch((const void *)((uintptr_t)(p) + (size_t)(index) * sizeof(T)), 0, level)
KL_INLINE void KL_(kl_ask)(const T *x, const T *y, const int size, const bool dense, const bool store) {
  if (store) {
    KL_UNROLLED for (int j = 0; j < size; j += LINE) KL_ASK(x, j + 2 * KL_BLOCK, 3);
    return;
  }
  if (dense) KL_UNROLLED for (int j = 0; j < size; j += LINE) KL_ASK(y, j + KL_BLOCK, 2);
  KL_UNROLLED for (int j = 0; j < size; j += LINE) KL_ASK(x, j + 2 * KL_BLOCK, 2);
}

#undef KL_ASK

KL_INLINE void KL_(kl_row_groups)(KL_(kl_row) *r, const KL_(kl_look) *look, const T *x, const T *y, T *e, int n,
                                  KL_(kl_look) *next, const T *ahead, int ahead_n, const bool dense, const bool store) {
  KL_(kl_state) s = KL_(kl_row_open)(r);
  KL_(kl_scan) scan = KL_(kl_scan_begin)();
  const bool plain = look->finite && r->now.base == 0 && look->min >= r->lowest;
  const MASK top = (MASK)0 + KL_(kl_key_of)(r->max);
  const int whole = n / GROUP * GROUP, both = ahead_n / GROUP * GROUP < whole ? ahead_n / GROUP * GROUP : whole;
  for (int i = 0; i < n;) {
    const MASK *key = look->keys + i / GROUP;
    MASK *next_key = next->keys + i / GROUP;
    const T *xi = x + i, *yi = dense ? y + i : NULL, *soon = i < both ? ahead + i : NULL;
    T *ei = store ? e + i : NULL;
    if (KL_CHAINS == 8 && i + 2 * GROUP <= both && plain && !kl_any((key[0] == top) | (key[1] == top))) {
      KL_(kl_groups_plain)(&s, xi, yi, ei, 8, dense, store);
      KL_(kl_ask)(xi, yi, 2 * GROUP, dense, store);
      next_key[0] = KL_(kl_scan_group)(&scan, soon), next_key[1] = KL_(kl_scan_group)(&scan, soon + GROUP);
      i += 2 * GROUP;
      continue;
    }
    if (i < whole && plain && !kl_any(key[0] == top)) KL_(kl_groups_plain)(&s, xi, yi, ei, 4, dense, store);
    else KL_(kl_group_any)(&s, xi, yi, ei, n - i, dense, store);
    KL_(kl_ask)(xi, yi, GROUP, dense, store);
    if (i < both) *next_key = KL_(kl_scan_group)(&scan, soon);
    i += GROUP;
  }
  KL_(kl_row_close)(r, &s);
  KL_(kl_look_end)(next, scan, ahead, both, ahead_n);
}

// One block: n ≤ KL_BLOCK classes at x, of which `look` is known; their labels at y or NULL; e is stored if not NULL.
// Looks at the block to come, `ahead`, meanwhile.
static void KL_(kl_row_block)(KL_(kl_row) *r, int64_t block, const KL_(kl_look) *look, const T *x, const T *y, T *e,
                              int n,
                              KL_(kl_look) *next, const T *ahead, int ahead_n, bool smooth) {
  if (look->max > r->max) KL_(kl_row_raise)(r, look->max, block);
  r->seen += n;
#define KL_CASE(D, S) case (D) * 2 + (S): KL_(kl_row_groups)(r, look, x, y, e, n, next, ahead, ahead_n, D, S); break;
  switch ((y != NULL) * 2 + (e != NULL)) { KL_CASE(0, 0) KL_CASE(0, 1) KL_CASE(1, 0) KL_CASE(1, 1) }
#undef KL_CASE
  if (smooth) KL_(kl_row_smooth)(r, x, n);
}
