// softmax_tile.h: the classes of sixteen samples.
//
// Template over Float and Double: sixteen samples lie across the lanes, [class][16], in the L1 cache.

// Rows for the classes, and for what a group of four needs beyond the last.
typedef KL_(kl_scalar) KL_(kl_tile)[KL_LANES_CLASSES + 3][KL_LANES];

#if KL_IS_FLOAT
#define ROW_OF(v, tile) kl_store(tile, v)
#define OF_ROW(tile) kl_load_f32x16(tile)
#else
#define ROW_OF(v, tile) (kl_store(tile, kl_widen_low(v)), kl_store((tile) + 8, kl_widen_high(v)))
#define OF_ROW(tile) kl_narrow(kl_load_f64x8(tile), kl_load_f64x8((tile) + 8))
#endif

// The tile of samples k ..< k + count; 0 in the lanes beyond. Labels (of F32 and F16 jobs) that are no
// Floats are rounded to Float, as everywhere.
static void KL_(kl_load_tile)(KL_(kl_tile) tile, const kl_softmax_cross_entropy *job, kl_type type, const void *source,
                              int64_t k, int count) {
  const int64_t classes = job->classes, inner = job->inner;
  const int64_t start = kl_sample_offset(job, k);
  int64_t done = 0; // classes
  if (type == KL_F32 && kl_are_neighbours(job, k, count)) {
    // Each class is a stream of its own, more of them than a processor follows by itself: memory is asked for samples
    // to come. A turn is for some of the classes, but then for several tiles of each: what lies together comes faster.
    const int turn = (int)(k / KL_LANES % KL_TILES_AHEAD);
    for (const float *p = (const float *)source + start; done < classes; done++, p += inner) {
      if (done % KL_TILES_AHEAD == turn)
        for (int i = 0; i < KL_TILES_AHEAD; i++) __builtin_prefetch(p + (KL_TILES_AHEAD - turn + i + 1) * KL_LANES - 1);
      ROW_OF(kl_load_f32x16(p), tile[done]);
    }
  } else if (type == KL_F32 && inner == 1 && count == KL_LANES) {
    // Four classes of sixteen rows at a time are not the stream that a processor looks for, though the rows lie
    // together: memory is asked for, as much as is read. (The address may lie beyond the array: it is made as an
    // integer.)
    const uintptr_t ahead = (uintptr_t)((const float *)source + start) + KL_BYTES_AHEAD;
    for (; done < classes && classes >= 4; done += 4) {
      kl_f32x16 v[4];
      KL_UNROLLED for (int i = 0; i < 4; i++)
        __builtin_prefetch((const void *)(ahead + (uintptr_t)(done + i) * sizeof v[0]));
      if (done > classes - 4) done = classes - 4; // the last four; some of them for the second time
      kl_load_4x16(v, (const float *)source + start + done, classes);
      kl_transpose_4x4(v);
      for (int i = 0; i < 4; i++) ROW_OF(v[i], tile[done + i]);
    }
  }
  if (done >= classes) return;
  if (count < KL_LANES) memset(tile, 0, (size_t)classes * sizeof tile[0]);
  const bool narrow = job->type != KL_F64;
#define KL_LOAD_LANE(S, number)                                                                    \
  for (int lane = 0; lane < count; lane++) {                                                       \
    const S *p = (const S *)source + kl_sample_offset(job, k + lane);                              \
    if (narrow) for (int64_t c = done; c < classes; c++) tile[c][lane] = (float)number(p[c * inner]);  \
    else for (int64_t c = done; c < classes; c++) tile[c][lane] = (KL_(kl_scalar))number(p[c * inner]); \
  }
  KL_SWITCH_TYPE(type, KL_LOAD_LANE)
#undef KL_LOAD_LANE
}

// 0 for samples that are masked.
static void KL_(kl_clear_masked)(KL_(kl_tile) tile, const kl_softmax_cross_entropy *job, int64_t k, int count) {
  for (int lane = 0; lane < count; lane++)
    for (int64_t c = 0; !job->keep[k + lane] && c < job->classes; c++) tile[c][lane] = 0;
}

// Writes a tile of gradients, rounded to the tensor's type.
static void KL_(kl_store_tile)(KL_(kl_tile) tile, const kl_softmax_cross_entropy *job, int64_t k, int count) {
  const int64_t classes = job->classes, inner = job->inner;
  const int64_t start = kl_sample_offset(job, k);
  int64_t done = 0;
  if (job->type == KL_F32 && kl_are_neighbours(job, k, count)) {
    for (; done < classes; done++) kl_store((float *)job->gradient + start + done * inner, OF_ROW(tile[done]));
  } else if (job->type == KL_F32 && inner == 1 && count == KL_LANES) {
    for (; done < classes && classes >= 4; done += 4) {
      kl_f32x16 v[4];
      if (done > classes - 4) done = classes - 4;
      for (int i = 0; i < 4; i++) v[i] = OF_ROW(tile[done + i]);
      kl_transpose_4x4(v);
      kl_store_4x16((float *)job->gradient + start + done, classes, v);
    }
  }
  if (done >= classes) return;
  for (int lane = 0; lane < count; lane++) {
    const int64_t o = kl_sample_offset(job, k + lane);
#if KL_IS_FLOAT
    if (job->type == KL_F32) {
      for (int64_t c = done; c < classes; c++) ((float *)job->gradient)[o + c * inner] = tile[c][lane];
      continue;
    }
#endif
    for (int64_t c = done; c < classes; c++) kl_put(job->type, job->gradient, o + c * inner, (double)tile[c][lane]);
  }
}

#undef ROW_OF
#undef OF_ROW
