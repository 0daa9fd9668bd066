internal import CLossKernels

/// 2·S / (c − 1) − 2·T² / (c·(c − 1)), with d = p − y, S = Σ d², T = Σ d over a row of n elements and a
/// count c that the caller sets: TensorFlow 1's `mean_pairwise_squared_error` of one sample, in which c is
/// the number of weights that are not 0. 0 for c < 2.
///
/// As it stands the formula subtracts two large numbers. With the mean m = T / n and Q = Σ (d − m)² it is
///
///     2·(c·Q + (c − n)·T·m) / (c·(c − 1))
///
/// which for c = n is 2·Q / (n − 1), without any cancellation. The derivative is
///
///     4·(c·(dᵢ − m) + (c − n)·m) / (c·(c − 1))
package struct PairwiseSquaredErrorKernel: RowKernel {
  package var axis: Int { 1 }
  package var labels: LabelEncoding { .dense }
  private let samples: [Sample]

  /// What is known of a sample beside its numbers.
  package struct Sample: Sendable {
    let count: Double
    let factor: Double

    /// - Parameters:
    ///   - count: c.
    ///   - factor: what the sample's derivative is multiplied by.
    package init(count: Int, factor: Double) {
      self.count = Double(count)
      self.factor = factor
    }
  }

  /// - Parameter samples: one for each sample, or one for all of them.
  package init(_ samples: [Sample]) { self.samples = samples }

  package func compute(_ run: SampleRun) {
    withBlocks(3, of: Double.self) { buffers in
      for number in run.samples {
        let sample = samples[samples.count == 1 ? 0 : number]
        guard run.isKept(number), sample.count >= 2 else {
          run.store(loss: 0, of: number)
          run.storeZeroGradient(of: number)
          continue
        }
        let scale = run.scalesOfRun.map {
          $0[number - run.samples.lowerBound] * sample.factor
        }
        let row = DifferenceRow(run, number, buffers)
        run.store(loss: row.loss(count: sample.count, scale: scale), of: number)
      }
    }
  }
}

/// The differences of one row.
///
/// The sums of blocks are taken by a tree and added up with their rounding errors carried along.
private struct DifferenceRow {
  private let row: RowBlocks
  private let size: Int
  private let buffers: UnsafeMutablePointer<Double>
  private var differences: UnsafeMutablePointer<Double> { buffers + 2 * blockSize }

  init(_ run: SampleRun, _ sample: Int, _ buffers: UnsafeMutablePointer<Double>) {
    row = RowBlocks(run, sample: sample)
    size = run.classes
    self.buffers = buffers
  }

  private func read(_ block: Range<Int>) {
    let p = row.predictions(block, Double.self, buffer: buffers)
    let y = row.labels(block, Double.self, buffer: buffers + blockSize, (1, 0))
    for index in 0..<block.count { differences[index] = p[index] - y[index] }
  }

  func loss(count c: Double, scale: Double?) -> Double {
    var total = CompensatedSum()
    for block in blocks(of: 0..<size) {
      read(block)
      total.add(kl_block_sum_f64(differences, block.count))
    }
    let n = Double(size)
    let mean = total.value / n
    let pairs = c * (c - 1)
    var squares = CompensatedSum()
    for block in blocks(of: 0..<size) {
      read(block)
      for index in 0..<block.count {
        let deviation = differences[index] - mean
        differences[index] = deviation
        buffers[index] = deviation * deviation
      }
      squares.add(kl_block_sum_f64(buffers, block.count))
      guard let scale else { continue }
      for index in 0..<block.count {
        differences[index] = 4 * (c * differences[index] + (c - n) * mean) / pairs * scale
      }
      row.store(gradient: differences, block)
    }
    return 2 * (c * squares.value + (c - n) * total.value * mean) / pairs
  }
}
