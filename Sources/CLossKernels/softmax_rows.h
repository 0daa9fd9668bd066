// softmax_rows.h: rows of many classes: samples, results, gradient.
//
// Included after softmax_row.h, whose macros it uses.
//
// Where the class axis is the last one, a block of a row is read where it lies. Elsewhere some neighbouring
// samples are gathered, block by block, into rows of a buffer, and the same code runs on these:
// so the axis does not change a bit.
//
// Gradient: while the sums are made e is stored in the gradient's place; then, in cache still,
//   g = e·A + (y·B + K),   A = scale·Σy/(E·S)·(epoch's factor),  B = −(1−s)·scale,  K = −s/C·scale,
// A, B, K made in Double and rounded once: ≤ 3 roundings besides e's 0.9 ulp, of the larger of p·Σy and y.
// They cancel only where p·Σy ≈ y, that is for the label of a confident row. If the others add up to less than
// the maximum (rest < 1) its element is therefore computed apart, in Double, from rest:
//   g = scale·(p (Σy − y) − y·rest/S).
// (Where no other element can be the larger half, |p − y| ≥ y/2 bounds the loss to one bit.) Where e
// cannot be stored, for Float16 and for gathered rows, it is computed again, with the same bits.

// What rows give; up to eight rows are finished together.
typedef struct { double loss, rest, sum, labels, A, A_low, B, K; } KL_(kl_result);
enum { KL_(KL_BATCH) = 8 };

// Σ y′ (x − max) once more, for rows in which the fast sum was not finite: differences beyond the range
// of T, and logits −inf with y′ ≠ 0. In Double, halved so that no difference overflows.
KL_NOINLINE double KL_(kl_careful_label_z)(const kl_softmax_cross_entropy *job, int64_t k, double max) {
  const double kept = 1 - job->smoothing, share = job->smoothing / (double)job->classes;
  const int64_t offset = kl_sample_offset(job, k);
  double sum = 0;
  for (int64_t c = 0; c < job->classes; c++) {
    T x, y = 0;
    WIDEN(&x, job->type, job->logits, offset + c * job->inner, 1);
    if (job->labels) WIDEN(&y, job->label_type, job->labels, offset + c * job->inner, 1);
    else y = c == job->class_ids[k];
    const double weight = (double)y * kept + share;
    if (weight != 0) sum += weight * ((double)x * 0.5 - max * 0.5);
  }
  return 2 * sum;
}

static void KL_(kl_rows_finish)(const kl_softmax_cross_entropy *job, const KL_(kl_row) *rows, const int64_t *k, int n,
                                KL_(kl_result) *results) {
  double top[8] = {0}, magic[8] = {0}, others[8] = {0}, peaks[8] = {0}, labels[8] = {0}, label_z[8] = {0};
  double losses[8], rest[8], A[8], A_low[8], scale[8] = {0};
  const double s = job->smoothing, kept = 1 - s, share = s / (double)job->classes;
  for (int i = 0; i < n; i++) {
    const KL_(kl_row) *r = rows + i;
    const KL_(kl_epoch) *epoch = &r->now;
    top[i] = (double)r->max - (double)epoch->base;
    magic[i] = kl_exp_magic_f64(KL_(kl_exponent)(epoch));
    others[i] = KL_(kl_sum_total)(&r->others);
    peaks[i] = (double)r->peaks;
    const double y = KL_(kl_sum_total)(&r->labels), yz = KL_(kl_sum_total)(&r->label_z);
    labels[i] = s == 0 ? y : kept * y + s;
    label_z[i] = s == 0 ? yz : kept * yz + share * KL_(kl_sum_total)(&r->sum_z);
    const bool finite = r->max - r->max == 0;
    if (!finite) others[i] = KL_NAN_F64; // +inf, or all −inf
    else if (!(label_z[i] - label_z[i] == 0)) label_z[i] = KL_(kl_careful_label_z)(job, k[i], (double)r->max);
  }
  const kl_f64x8 E = kl_exp_scaled(kl_load_f64x8(top), kl_load_f64x8(magic));
  const kl_f64x8 q = kl_load_f64x8(others) / E + (kl_load_f64x8(peaks) - 1.0);
  const kl_f64x8 sum_e = kl_fma(kl_load_f64x8(peaks), E, kl_load_f64x8(others));
  kl_store(losses, kl_canonical(kl_fma(kl_load_f64x8(labels), kl_log1p(q), -kl_load_f64x8(label_z))));
  for (int i = 0; job->gradient && i < n; i++) scale[i] = losses[i] == losses[i] ? job->scale[k[i]] : losses[i];
  kl_f64x8 low;
  kl_store(rest, q);
  kl_store(A, kl_product_over(kl_load_f64x8(scale), kl_load_f64x8(labels), sum_e, &low));
  kl_store(A_low, low);
  for (int i = 0; i < n; i++)
    results[i] = (KL_(kl_result)){losses[i], rest[i], 1 + rest[i], labels[i], A[i], A_low[i], -kept * scale[i],
                                  -share * scale[i]};
}

// e·A + term; for Double the error of A counts.
KL_INLINE V KL_(kl_gradient)(V e, V a, V a_low, V term) {
  if (!KL_IS_FLOAT) term = kl_fma(e, a_low, term);
  return kl_canonical(kl_fma(e, a, term));
}

// Turns e of a block, n ≤ KL_BLOCK classes from c0 on, into the gradient, in place.
static void KL_(kl_gradient_block)(const kl_softmax_cross_entropy *job, const KL_(kl_row) *r,
                                   const KL_(kl_result) *result,
                                   int64_t k, int64_t block, T *g, const T *y, int n) {
  const int64_t c0 = block * KL_BLOCK, last = r->epochs - 1;
  int64_t i = last;
  while (i >= 0 && i > last - KL_(KL_EPOCHS) && r->epoch[i % KL_(KL_EPOCHS)].first_block > block) i--;
  const bool alive = i >= 0 && i > last - KL_(KL_EPOCHS); // or e is nothing beside the maximum
  const double factor = i == last ? 1 : alive ? KL_(kl_epoch_factor)(&r->epoch[i % KL_(KL_EPOCHS)], &r->now) : 0;
  const V a = kl_splat((T)(result->A * factor)), a_low = kl_splat((T)(result->A_low * factor));
  const V b = kl_splat((T)result->B), s = kl_splat((T)result->K), none = kl_fma(kl_splat((T)0), b, s);

  int target = -1, top = -1;
  T e_target = 0, y_top = 0;
  if (!y && job->class_ids[k] >= c0 && job->class_ids[k] < c0 + n) {
    target = (int)(job->class_ids[k] - c0);
    e_target = g[target];
  }
  if (block == r->peak_block && result->rest < 1) {
    const T e_top = KL_(kl_peak)(r->max, &r->now);
    for (top = 0; top < n - 1 && g[top] != e_top;) top++;
    y_top = y ? y[top] : top == target;
  }

  for (int j = 0; j < n; j += LANES) {
    const int at = j + LANES <= n ? j : n - LANES;
    const V e = LOAD(g + at), v = KL_(kl_gradient)(e, a, a_low, y ? kl_fma(LOAD(y + at), b, s) : none);
    kl_store(g + at, at == j ? v : kl_select(KL_(kl_last_lanes)(n - j), v, e));
  }
  if (target >= 0) g[target] = KL_(kl_gradient)(kl_splat(e_target), a, a_low, kl_fma(kl_splat((T)1), b, s))[0];
  if (top >= 0) {
    const double share = job->smoothing / (double)job->classes, yt = (double)y_top * (1 - job->smoothing) + share;
    const double v = job->scale[k] * (((result->labels - yt) - yt * result->rest) / result->sum);
    g[top] = v == v ? (T)v : (T)KL_NAN_F64;
  }
}

// e of a block again, in place of its logits.
static void KL_(kl_e_block)(const KL_(kl_row) *r, int64_t block, T *x, int n) {
  int64_t i = r->epochs - 1;
  while (i > 0 && i > r->epochs - KL_(KL_EPOCHS) && r->epoch[i % KL_(KL_EPOCHS)].first_block > block) i--;
  const KL_(kl_epoch) *epoch = i >= 0 ? &r->epoch[i % KL_(KL_EPOCHS)] : &r->now;
  const V base = kl_splat(epoch->base), magic = kl_splat(epoch->magic), lowest = kl_splat(KL_(kl_lowest)(epoch->magic));
  for (int j = 0; j < n; j += LANES) kl_store(x + j, KL_(kl_softmax_e)(LOAD(x + j), base, magic, lowest));
}

// A block, with LANES elements in front that stand for classes before it.
typedef struct { T front[LANES], block[KL_BLOCK]; } KL_(kl_buffer);

// A block where it lies, or widened in the buffer.
KL_INLINE const T *KL_(kl_block_at)(kl_type type, const void *source, int64_t index, int n, KL_(kl_buffer) *buffer) {
  if (type == KL_OWN) return (const T *)source + index;
  WIDEN(buffer->block, type, source, index, n);
  return buffer->block;
}

// The class that is the sample's, if it is in the block.
KL_INLINE void KL_(kl_row_target)(const kl_softmax_cross_entropy *job, KL_(kl_row) *r, int64_t k, int64_t c0,
                                  const T *x, int n) {
  const int64_t c = job->class_ids[k] - c0;
  if (c < 0 || c >= n) return;
  KL_(kl_sum_add_one)(&r->labels, 1);
  KL_(kl_sum_add_one)(&r->label_z, (double)(T)(x[c] - r->reference));
}

static void KL_(kl_last_axis_batch)(const kl_softmax_cross_entropy *job, const KL_(kl_row) *rows, const int64_t *ks,
                                    int n) {
  const int64_t classes = job->classes;
  KL_(kl_result) results[KL_(KL_BATCH)];
  KL_(kl_buffer) e, y_buffer;
  for (int i = 0; i < LANES; i++) e.front[i] = y_buffer.front[i] = 0;
  KL_(kl_rows_finish)(job, rows, ks, n, results);
  for (int i = 0; i < n; i++) {
    kl_put(job->type, job->losses, ks[i], results[i].loss);
    for (int64_t c = 0, b = 0; job->gradient && c < classes; c += KL_BLOCK, b++) {
      const int64_t at = ks[i] * classes + c;
      const int size = classes - c < KL_BLOCK ? (int)(classes - c) : KL_BLOCK;
      const T *y = job->labels ? KL_(kl_block_at)(job->label_type, job->labels, at, size, &y_buffer) : NULL;
      if (job->type != KL_F16) {
        KL_(kl_gradient_block)(job, rows + i, results + i, ks[i], b, (T *)job->gradient + at, y, size);
        continue;
      }
      WIDEN(e.block, job->type, job->logits, at, size);
      KL_(kl_e_block)(rows + i, b, e.block, size);
      KL_(kl_gradient_block)(job, rows + i, results + i, ks[i], b, e.block, y, size);
      for (int j = 0; j < size; j++) kl_put(job->type, job->gradient, at + j, (double)e.block[j]);
    }
  }
}

// The first block of the next sample that is kept, or the end of the logits.
KL_INLINE int64_t KL_(kl_next_kept)(const kl_softmax_cross_entropy *job, int64_t k, int64_t end) {
  while (k < end && job->keep && !job->keep[k]) k++;
  return k;
}

static void KL_(kl_last_axis_run)(const kl_softmax_cross_entropy *job, int64_t first, int64_t count) {
  KL_(kl_row) rows[KL_(KL_BATCH)];
  int64_t ks[KL_(KL_BATCH)];
  // A row's gradient should be in cache still when it is finished.
  const int batch = job->gradient && job->classes > 2048 ? 1 : KL_(KL_BATCH);
  const int64_t classes = job->classes, end = first + count;
  const bool own = job->type == KL_OWN;
  KL_(kl_buffer) x_buffer, y_buffer;
  for (int i = 0; i < LANES; i++) x_buffer.front[i] = -INFINITE, y_buffer.front[i] = 0;
  int n = 0;
  KL_(kl_look) looks[2], *look = looks, *next_look = looks + 1;
  bool known = false; // what is said of the block to come
  for (int64_t k = first; k < end; k++) {
    if (job->keep && !job->keep[k]) {
      kl_put(job->type, job->losses, k, 0);
      const size_t size = sizeof(T) / (job->type == KL_F16 ? 2 : 1);
      if (job->gradient) memset((char *)job->gradient + (size_t)(k * classes) * size, 0, (size_t)classes * size);
      continue;
    }
    KL_(kl_row) *r = rows + n;
    KL_(kl_row_begin)(r);
    for (int64_t c = 0, b = 0; c < classes; c += KL_BLOCK, b++) {
      const int64_t at = k * classes + c;
      const int size = classes - c < KL_BLOCK ? (int)(classes - c) : KL_BLOCK;
      const T *x = KL_(kl_block_at)(job->type, job->logits, at, size, &x_buffer);
      const T *y = job->labels ? KL_(kl_block_at)(job->label_type, job->labels, at, size, &y_buffer) : NULL;
      T *e = job->gradient && own ? (T *)job->gradient + at : NULL;
      int64_t next = at + size;
      if (c + size == classes) next = KL_(kl_next_kept)(job, k + 1, end) * classes;
      const int64_t next_end = (next / classes + 1) * classes;
      const int64_t left = !own || next == end * classes ? 0 : next_end - next;
      const int ahead = left < KL_BLOCK ? (int)left : KL_BLOCK;
      if (!known) KL_(kl_look_at)(look, x, size);
      KL_(kl_row_block)(r, b, look, x, y, e, size, next_look, (const T *)job->logits + next, ahead,
                        job->smoothing != 0);
      known = ahead > 0;
      KL_(kl_look) *const spare = look;
      look = next_look, next_look = spare;
      if (!y) KL_(kl_row_target)(job, r, k, c, x, size);
    }
    ks[n++] = k;
    if (n == batch) KL_(kl_last_axis_batch)(job, rows, ks, n), n = 0;
  }
  if (n) KL_(kl_last_axis_batch)(job, rows, ks, n);
}
#include "softmax_gather.h"
