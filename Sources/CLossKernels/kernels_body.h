//===--- kernels_body.h - every body, for one instruction set ------*- C -*-===//
#include "vectors.h"
#include "exp_log.h"
#include "softmax_body.h"
#include "exact_bodies.h"
#include "blocks_bodies.h"
#include "rows_bodies.h"
#include "matrix_body.h"
#include "ctc_bodies.h"
