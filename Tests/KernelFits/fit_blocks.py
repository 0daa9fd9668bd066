# The minimax polynomials of blocks_math.h, blocks_lanes.h and blocks_sigmoid.h, by Remez exchange in mpmath.
# Each fit minimises max |weight * (f - p)|; float coefficients are then rounded from the lowest degree up, the
# rest refitted after each rounding; double ones are just rounded. Prints the constants and the error after rounding, in bits.
from mpmath import mp, mpf, log, log1p, exp, expm1, cosh, tanh, lu_solve, matrix, cos, pi, sqrt, nstr
import numpy as np
mp.prec = 240

def remez(f, w, a, b, degrees):
    n = len(degrees)
    pts = [(a + b) / 2 + (b - a) / 2 * cos(pi * (i + mpf(1) / 2) / (n + 1)) for i in range(n + 1)]
    grid = [(a + b) / 2 + (b - a) / 2 * cos(pi * mpf(i) / 800) for i in range(801)]
    grid = [x for x in grid if abs(x) > mpf(10) ** -6]
    fg = [(x, f(x), w(x)) for x in grid]
    best = None
    for _ in range(25):
        A = matrix(n + 1, n + 1); B = matrix(n + 1, 1)
        for i, x in enumerate(pts):
            wx = w(x)
            for j, d in enumerate(degrees): A[i, j] = x ** d * wx
            A[i, n] = (-1) ** i; B[i] = f(x) * wx
        s = lu_solve(A, B); c = [s[j] for j in range(n)]
        e = [wx * (fx - sum(cj * x ** d for cj, d in zip(c, degrees))) for x, fx, wx in fg]
        worst = max(abs(v) for v in e)
        if best is None or worst < best[0]: best = (worst, c)
        ext = []
        for i in range(len(e)):
            if ext and (e[ext[-1]] > 0) == (e[i] > 0):
                if abs(e[i]) > abs(e[ext[-1]]): ext[-1] = i
            else: ext.append(i)
        while len(ext) > n + 1: ext.pop(0 if abs(e[ext[0]]) < abs(e[ext[-1]]) else -1)
        if len(ext) < n + 1: break
        new = [fg[i][0] for i in ext]
        if max(abs(p - q) for p, q in zip(new, pts)) == 0: break
        pts = new
    return best[1]

def fit(name, f, w, a, b, degree, rnd, fixed=()):
    got = list(fixed)
    for d in range(len(got), degree + 1):
        rest = lambda x, g=tuple(got): f(x) - sum(mpf(c) * x ** k for k, c in enumerate(g))
        c = remez(rest, w, a, b, list(range(d, degree + 1)))
        if rnd is f64:  # rounding to double needs no refit
            got += [rnd(v) for v in c]
            break
        got.append(rnd(c[0]))
    xs = [a + (b - a) * mpf(i) / 997 for i in range(998)]
    err = max(abs(w(x) * (f(x) - sum(mpf(c) * x ** k for k, c in enumerate(got)))) for x in xs if abs(x) > mpf(10) ** -6)
    print(name, "degree", degree, "error 2^" + nstr(log(err, 2), 5)); print("  {" + ", ".join(float(c).hex() for c in got) + "}")

f64 = lambda v: mpf(float(v)); f32 = lambda v: mpf(float(np.float32(float(v))))
R = log(mpf(2)) / 2 * mpf("1.0001")
q = lambda r: (expm1(r) - r) / r ** 2
we = lambda r: r ** 2 / exp(r)          # error of e^r
smax = (sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)
S = smax ** 2 * mpf("1.0001")
at = lambda s: log((1 + s) / (1 - s))
P = lambda z: (at(sqrt(z)) - 2 * sqrt(z)) / sqrt(z) ** 3
wp = lambda z: sqrt(z) ** 3 / at(sqrt(z))
P2 = lambda z: (at(sqrt(z)) - 2 * sqrt(z) - mpf(2) / 3 * sqrt(z) ** 3) / sqrt(z) ** 5
wp2 = lambda z: sqrt(z) ** 5 / at(sqrt(z))
A, B = mpf(-1) / 4, mpf(1) / 2
S5 = mpf("0.04001")   # f in [-1/4, 1/2]: s = f / (2 + f) <= 1/5
Q = lambda f: (log1p(f) - f + f * f / 2) / f ** 3
wq = lambda f: f ** 3 / log1p(f)
T = lambda f: (log1p(f) - f) / f ** 2
wt = lambda f: abs(f ** 2 / log1p(f))
# log cosh and tanh of sqrt w, w <= 1, and log1p(z) beside a - log 2, z = e^(-2a) <= e^-2.
near = lambda w: (log(cosh(sqrt(w))) - w / 2) / w ** 2
wn = lambda w: w ** 2 / log(cosh(sqrt(w)))
slope = lambda w: (tanh(sqrt(w)) / sqrt(w) - 1) / w
ws = lambda w: w ** mpf(1.5) / tanh(sqrt(w))
far = lambda z: (log1p(z) - z) / z ** 2
wf = lambda z: z ** 2 / log(cosh(mpf(1)))
if __name__ == "__main__":
    for d in (4, 5): fit("exp, float lanes", q, we, -R, R, d, f32)
    for d in (5, 6): fit("exp, doubles for floats", q, we, -R, R, d, f64)
    for d in (9, 10): fit("exp, doubles", q, we, -R, R, d, f64)
    for d in (2, 3): fit("log, doubles for floats", P, wp, mpf(10) ** -8, S, d, f64)
    for d in (3, 4): fit("log of a quotient, doubles for floats", P, wp, mpf(10) ** -8, S5, d, f64)
    for d in (6, 7): fit("log, doubles", P, wp, mpf(10) ** -8, S, d, f64)
    for d in (6, 7): fit("log1p, doubles, f in [-1/4, 1/2]", P, wp, mpf(10) ** -8, S5, d, f64)
    for d in (5, 6): fit("log in pairs", P2, wp2, mpf(10) ** -8, S, d, f64)
    for d in (7, 8): fit("log1p, float lanes, f in [-1/2, 0]", T, wt, mpf(-1) / 2 * mpf("1.0001"), mpf(0), d, f32)
    for d in (7, 8, 9): fit("log1p, float lanes, f in [-1/4, 1/2]", Q, wq, A, B, d, f32)
    one = mpf("1.0001")
    for d in (5, 6): fit("log cosh, float lanes, a <= 1", near, wn, mpf(10) ** -5, one, d, f32)
    for d in (5, 6): fit("tanh, float lanes, a <= 1", slope, ws, mpf(10) ** -5, one, d, f32)
    for d in (2, 3): fit("log1p in log cosh, float lanes", far, wf, mpf(10) ** -5, exp(mpf(-2)) * one, d, f32)
