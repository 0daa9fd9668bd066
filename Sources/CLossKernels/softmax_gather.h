// softmax_gather.h: many classes along another axis than the last.
//
// Part of the template softmax_rows.h: LANES neighbours at a time, gathered into rows.

typedef KL_(kl_buffer) KL_(kl_rows_buffer)[LANES];

// Classes of `count` neighbours, from `at` on, into rows.
static void KL_(kl_gather)(KL_(kl_rows_buffer) rows, kl_type type, const void *source, int64_t at, int64_t inner,
                           int count, int n) {
  int c = 0;
#if KL_IS_FLOAT
  for (; type == KL_F32 && count == LANES && c + 4 <= n; c += 4) {
    kl_f32x16 v[4];
    for (int j = 0; j < 4; j++) v[j] = kl_load_f32x16((const float *)source + at + (c + j) * inner);
    kl_transpose_4x4(v);
    kl_store_4x16(rows[0].block + c, sizeof rows[0] / sizeof(T), v);
  }
#endif
  for (; c < n; c++) {
    T v[LANES];
    WIDEN(v, type, source, at + c * inner, count);
    for (int i = 0; i < count; i++) rows[i].block[c] = v[i];
  }
}

// The way back.
static void KL_(kl_scatter)(KL_(kl_rows_buffer) rows, kl_type type, void *tensor, int64_t at, int64_t inner, int count,
                            int n) {
  int c = 0;
#if KL_IS_FLOAT
  for (; type == KL_F32 && count == LANES && c + 4 <= n; c += 4) {
    kl_f32x16 v[4];
    kl_load_4x16(v, rows[0].block + c, sizeof rows[0] / sizeof(T));
    kl_transpose_4x4(v);
    for (int j = 0; j < 4; j++) kl_store((float *)tensor + at + (c + j) * inner, v[j]);
  }
#endif
  for (; c < n; c++)
    for (int i = 0; i < count; i++) kl_put(type, tensor, at + c * inner + i, (double)rows[i].block[c]);
}

static void KL_(kl_other_axis_run)(const kl_softmax_cross_entropy *job, int64_t first, int64_t count) {
  KL_(kl_row) rows[LANES];
  KL_(kl_result) results[LANES];
  KL_(kl_rows_buffer) x, y;
  KL_(kl_look) look, unused;
  int64_t ks[LANES];
  const int64_t classes = job->classes, inner = job->inner, end = first + count;
  memset(x, 0, sizeof x), memset(y, 0, sizeof y);
  for (int i = 0; i < LANES * LANES; i++) x[i / LANES].front[i % LANES] = -INFINITE;
  for (int64_t k = first, next; k < end; k = next) {
    next = k + LANES < end ? k + LANES : end;
    if (next > (k / inner + 1) * inner) next = (k / inner + 1) * inner;
    const int n = (int)(next - k);
    const int64_t offset = kl_sample_offset(job, k);
    bool skip[LANES];
    for (int i = 0; i < n; i++) {
      ks[i] = k + i;
      skip[i] = job->keep && !job->keep[k + i];
      KL_(kl_row_begin)(&rows[i]);
    }
    for (int64_t c = 0, b = 0; c < classes; c += KL_BLOCK, b++) {
      const int size = classes - c < KL_BLOCK ? (int)(classes - c) : KL_BLOCK;
      KL_(kl_gather)(x, job->type, job->logits, offset + c * inner, inner, n, size);
      if (job->labels) KL_(kl_gather)(y, job->label_type, job->labels, offset + c * inner, inner, n, size);
      for (int i = 0; i < n; i++) {
        if (skip[i]) continue;
        KL_(kl_look_at)(&look, x[i].block, size);
        KL_(kl_row_block)(&rows[i], b, &look, x[i].block, job->labels ? y[i].block : NULL, NULL, size, &unused, NULL, 0,
                          job->smoothing != 0);
        if (!job->labels) KL_(kl_row_target)(job, &rows[i], ks[i], c, x[i].block, size);
      }
    }
    for (int i = 0; i < n; i += KL_(KL_BATCH))
      KL_(kl_rows_finish)(job, rows + i, ks + i, n - i < KL_(KL_BATCH) ? n - i : KL_(KL_BATCH), results + i);
    for (int i = 0; i < n; i++) kl_put(job->type, job->losses, ks[i], skip[i] ? 0 : results[i].loss);
    for (int64_t c = 0, b = 0; job->gradient && c < classes; c += KL_BLOCK, b++) {
      const int size = classes - c < KL_BLOCK ? (int)(classes - c) : KL_BLOCK;
      KL_(kl_gather)(x, job->type, job->logits, offset + c * inner, inner, n, size);
      if (job->labels) KL_(kl_gather)(y, job->label_type, job->labels, offset + c * inner, inner, n, size);
      for (int i = 0; i < n; i++) {
        if (skip[i]) { memset(x[i].block, 0, sizeof x[i].block); continue; }
        KL_(kl_e_block)(&rows[i], b, x[i].block, size);
        KL_(kl_gradient_block)(job, &rows[i], &results[i], ks[i], b, x[i].block, job->labels ? y[i].block : NULL, size);
      }
      KL_(kl_scatter)(x, job->type, job->gradient, offset + c * inner, inner, n, size);
    }
  }
}

static void KL_(kl_rows_run)(const kl_softmax_cross_entropy *job, int64_t first, int64_t count) {
  (job->inner == 1 ? KL_(kl_last_axis_run) : KL_(kl_other_axis_run))(job, first, count);
}

#undef T
#undef V
#undef MASK
#undef LANES
#undef KL_OWN
#undef GROUP
#undef LINE
#undef HEADROOM
#undef BASE_LIMIT
#undef LOWEST
#undef MAGIC
#undef LOAD
#undef WIDEN
#undef INFINITE
#undef ORDINALS
