// kernels.h: what the three kernels_*.c files need.
//
// Includes of system headers and declarations stay outside the target regions.
#include "CLossKernels.h"
#include "blocks.h"
#include "circle.h"
#include "columns.h"
#include "ctc.h"
#include "dispatch.h"
#include "exact.h"
#include "focal.h"
#include "matrix.h"
#include "rows.h"
#include "softmax.h"
#include <stdbool.h>
#include <string.h>
