"""Times of a call, as the package's own benchmark takes them."""

import gc
import statistics
import time

# Short calls run several times per measurement, so that the clock does not count.
SHORTEST = 2e-3


def seconds(call, count=1):
    """Seconds per call."""
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count


def median_seconds(call, budget, least=2):
    """The median over measurements that together take about `budget` seconds, but at least `least` of them."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        first = seconds(call)
        count = max(1, int(SHORTEST / max(first, 1e-9)))
        times = [first] if count == 1 else []
        while len(times) < least or time.perf_counter() - start < budget:
            times.append(seconds(call, count))
        return statistics.median(times)
    finally:
        gc.enable()
