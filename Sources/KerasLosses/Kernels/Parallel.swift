import Dispatch
import Synchronization

/// Work below this many elements is done by one thread: it takes no longer than waking another.
private let elementsPerThread = 1 << 16

/// The number of threads for a job of `elements` elements in `blocks` blocks.
package func threadCount(elements: Int, blocks: Int) -> Int {
  max(1, min(LossRuntime.maximumThreads, elements / elementsPerThread, blocks))
}

/// Runs `body` once for each of `blocks` blocks, on up to `threads` threads. Returns what each thread
/// gathered, in no particular order.
///
/// A thread takes its share of half of what is left at a time: many neighbouring blocks at first, so that threads
/// write to pages of their own (two that touch a new large page both clear it), and single ones at the end.
package func concurrentBlocks<Local: Sendable>(
  _ blocks: Int, threads: Int, start: @Sendable () -> Local,
  body: @Sendable (inout Local, Int) -> Void
) -> [Local] {
  if threads <= 1 {
    var local = start()
    for block in 0..<blocks { body(&local, block) }
    return [local]
  }
  let next = Atomic<Int>(0)
  /// The next blocks that nobody has taken; empty if there are none.
  let take = { @Sendable in
    var first = next.load(ordering: .relaxed)
    while true {
      let end = min(blocks, first + max(1, (blocks - first) / (2 * threads)))
      let (taken, found) = next.weakCompareExchange(
        expected: first, desired: end, ordering: .relaxed)
      if taken { return first..<end }
      first = found
    }
  }
  var results = [Local?](repeating: nil, count: threads)
  results.withUnsafeMutableBufferPointer { results in
    // Every thread writes its own element.
    let results = UncheckedSendable(results)
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      var local = start()
      while case let range = take(), !range.isEmpty {
        for block in range { body(&local, block) }
      }
      results.value[thread] = local
    }
  }
  return results.compactMap { $0 }
}

/// A value that is known not to be shared in conflict: threads write disjoint parts of its memory.
package struct UncheckedSendable<Value>: @unchecked Sendable {
  package let value: Value
  package init(_ value: Value) { self.value = value }
}
