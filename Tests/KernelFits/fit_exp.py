# Minimax fits of exp on [-ln2/2, ln2/2], made by Remez exchange in mpmath (see exp_log.h).
# exp(r) ~ sum of fixed leading terms + r^k Q(r); coefficients are rounded one at a time from the
# lowest degree up, the remaining ones refitted after each rounding. Prints hexadecimal constants.
from mpmath import mp, mpf, exp, log, matrix, lu_solve, cos, pi
import struct
mp.prec = 200
B = log(mpf(2))/2 * mpf('1.0005')
def rnd32(v): return struct.unpack('f', struct.pack('f', float(v)))[0]
def hex32(v): return float(v).hex()
def remez(fixed, deg, n0):
    # fixed: dict degree->coefficient; free degrees: those in 0..deg not fixed
    free = [d for d in range(deg+1) if d not in fixed]
    n = len(free)
    if n == 0: return {}, None
    pts = [B*cos(pi*(i+mpf(1)/2)/(n+1)) for i in range(n+1)]
    fx = lambda r: sum(c*r**d for d, c in fixed.items())
    for it in range(30):
        A = matrix(n+1, n+1); b = matrix(n+1, 1)
        for i, r in enumerate(pts):
            e = exp(r)
            for j, d in enumerate(free): A[i, j] = r**d/e
            A[i, n] = (-1)**i
            b[i] = 1 - fx(r)/e
        s = lu_solve(A, b)
        co = {d: s[j] for j, d in enumerate(free)}
        err = lambda r: 1 - (fx(r) + sum(c*r**d for d, c in co.items()))/exp(r)
        M = 600
        xs = [B*cos(pi*mpf(i)/M) for i in range(M+1)]
        es = [err(x) for x in xs]
        ext = []
        for i in range(M+1):
            lo = es[i-1] if i > 0 else None; hi = es[i+1] if i < M else None
            if (lo is None or abs(es[i]) >= abs(lo)) and (hi is None or abs(es[i]) >= abs(hi)):
                if ext and (es[ext[-1]] > 0) == (es[i] > 0):
                    if abs(es[i]) > abs(es[ext[-1]]): ext[-1] = i
                else: ext.append(i)
        while len(ext) > n+1:
            if abs(es[ext[0]]) < abs(es[ext[-1]]): ext.pop(0)
            else: ext.pop()
        if len(ext) < n+1: break
        new = [xs[i] for i in ext]
        if max(abs(a-c) for a, c in zip(new, pts)) < mpf(10)**-12: break
        pts = new
    return co, max(abs(e) for e in es)
def fit(fixed, deg, rnd, name, refit=True):
    fixed = dict(fixed)
    co, e = remez(fixed, deg, None)
    print(name, 'unrounded max rel err: log2', mp.nstr(log(e, 2), 5))
    for d in range(deg+1):
        if d in fixed: continue
        if refit: co, _ = remez(fixed, deg, None)
        fixed[d] = mpf(rnd(co[d]))
        if not refit: continue
    xs = [B*mpf(i)/500 for i in range(-500, 501)]
    e = max(abs(1-sum(c*r**d for d, c in fixed.items())/exp(r)) for r in xs)
    print(name, 'rounded log2 err', mp.nstr(log(e, 2), 5))
    for d in range(deg+1): print('  c%d' % d, hex32(fixed[d]))
if __name__ == '__main__':
    fit({0: mpf(1), 1: mpf(1)}, 6, rnd32, 'f32 deg6')
    fit({0: mpf(1), 1: mpf(1)}, 11, float, 'f64 deg11', False)
    fit({0: mpf(1), 1: mpf(1)}, 12, float, 'f64 deg12', False)
    fit({0: mpf(1)}, 7, float, 'f64 deg7, c0 = 1', False)
