// Loops that only read and write the arrays of a workload, on as many threads as the losses may use.

import CMemoryLoops
import Dispatch
import KerasLosses
import Synchronization

/// What a pass cannot do without: its streams, read and written once.
enum MemoryLoop {
  case read, readTwo, readWrite, readReadWrite

  /// The ways to run it; the fastest counts.
  fileprivate var variants: [ml_loop] {
    switch self {
    case .read: [ML_READ_SUM, ML_READ_MAX]
    case .readTwo: [ML_READ_TWO_SUM, ML_READ_TWO_MAX]
    case .readWrite: [ML_READ_WRITE]
    case .readReadWrite: [ML_READ_READ_WRITE]
    }
  }
}

extension Operands {
  /// The ways to run `loop` over the arrays. Weights are read as well.
  func runs(_ loop: MemoryLoop, threads: Int) -> [() -> Float] {
    let isa = ml_isa_named(LossRuntime.instructionSet)
    return loop.variants.map { variant in
      { [self] in
        let sum = sweep(isa, variant, threads: threads)
        guard let weights else { return sum }
        return sum + Streams(weights.scalars).sweep(isa, ML_READ_SUM, threads: threads)
      }
    }
  }

  private func sweep(_ isa: ml_isa, _ loop: ml_loop, threads: Int) -> Float {
    let labels: [Float] = if case .dense(let labels) = labels { labels.scalars } else { [] }
    return gradient.scalars.withUnsafeMutableBufferPointer {
      Streams(predictions.scalars, labels, $0).sweep(isa, loop, threads: threads)
    }
  }
}

/// The arrays of a loop, as long as the first; the others may be empty if the loop does not name them.
private struct Streams {
  private let x: [Float]
  private let y: [Float]
  private let g: UnsafeMutableBufferPointer<Float>

  init(
    _ x: [Float], _ y: [Float] = [],
    _ g: UnsafeMutableBufferPointer<Float> = .init(start: nil, count: 0)
  ) {
    self.x = x
    self.y = y
    self.g = g
  }

  /// Elements that a thread takes at a time.
  private static let blockLength = 1 << 16

  /// Runs a loop over the arrays; short ones are not worth a second thread.
  func sweep(_ isa: ml_isa, _ loop: ml_loop, threads: Int) -> Float {
    let threads = min(threads, x.count / Self.blockLength)
    guard threads > 1 else { return run(isa, loop, 0..<x.count) }
    let next = Atomic<Int>(0)
    let total = Mutex<Float>(0)
    nonisolated(unsafe) let streams = self
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      var sum: Float = 0
      while true {
        let start = next.add(Self.blockLength, ordering: .relaxed).oldValue
        guard start < streams.x.count else { break }
        sum += streams.run(isa, loop, start..<min(start + Self.blockLength, streams.x.count))
      }
      total.withLock { [sum] in $0 += sum }
    }
    return total.withLock { $0 }
  }

  private func run(_ isa: ml_isa, _ loop: ml_loop, _ range: Range<Int>) -> Float {
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        ml_run(
          isa, loop, x.baseAddress.map { $0 + range.lowerBound },
          y.baseAddress.map { $0 + range.lowerBound }, g.baseAddress.map { $0 + range.lowerBound },
          range.count)
      }
    }
  }
}
