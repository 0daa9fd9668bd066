// Medians of times that are taken in turn, so that what disturbs the machine disturbs all alike.

/// A result that shows that nothing was computed.
struct NotFinite: Error, CustomStringConvertible {
  let description = "a result is not finite: the workload measures nothing."
}

/// Seconds per call of each body: the median over repetitions that alternate, A B A B ….
///
/// Short bodies run several times per repetition, so that neither the clock counts nor what the other bodies
/// have left in the caches: most calls find there what the call before them left. Without a number of
/// repetitions there are as many as fit 1.5 s, at least 15.
func interleavedMedians(_ bodies: [() throws -> Float], repetitions: Int?) throws -> [Double] {
  let batches = try bodies.map { body in
    // The first call pays for pages and threads that the later ones find ready.
    _ = try seconds(body, calls: 2)
    let single = try seconds(body, calls: 1)
    let calls = max(1, Int(2e-3 / max(single, 1e-9)))
    return (calls: calls, cost: try seconds(body, calls: calls))
  }
  let round = batches.reduce(0) { $0 + $1.cost }
  let count = repetitions ?? max(15, Int(1.5 / round))
  var times = [[Double]](repeating: [], count: bodies.count)
  for _ in 0..<count {
    for (index, body) in bodies.enumerated() {
      let calls = batches[index].calls
      times[index].append(try seconds(body, calls: calls) / Double(calls))
    }
  }
  return times.map(median)
}

private func seconds(_ body: () throws -> Float, calls: Int) throws -> Double {
  let clock = ContinuousClock()
  var sum: Float = 0
  let start = clock.now
  for _ in 0..<calls { sum += try body() }
  let elapsed = clock.now - start
  guard sum.isFinite else { throw NotFinite() }
  return elapsed / .seconds(1)
}

private func median(_ times: [Double]) -> Double {
  let sorted = times.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
