internal import CLossKernels

/// What rows work in, one after the other.
struct FocalRoom<Work: RowElement> {
  /// The row whose shares are q.
  let weights: UnsafeMutablePointer<Double>
  /// A of each element.
  let parts: UnsafeMutablePointer<Double>
  /// Three blocks.
  let buffers: UnsafeMutablePointer<Work>
  let active: ActiveBlock
}

/// The elements of a block that have a part in the loss, one after the other.
struct ActiveBlock {
  /// Where they stand in the block.
  let places: UnsafeMutablePointer<Double>
  /// y·α.
  let factors: UnsafeMutablePointer<Double>
  /// q, clipped.
  let shares: UnsafeMutablePointer<Double>
  /// 1 − q.
  let others: UnsafeMutablePointer<Double>
  /// ln q, and then the losses.
  let logarithms: UnsafeMutablePointer<Double>
  /// (1 − q)^(γ−1), and then A.
  let powers: UnsafeMutablePointer<Double>

  /// - Parameter room: six blocks.
  init(_ room: UnsafeMutablePointer<Double>) {
    places = room
    factors = room + blockSize
    shares = room + 2 * blockSize
    others = room + 3 * blockSize
    logarithms = room + 4 * blockSize
    powers = room + 5 * blockSize
  }

  /// Computes the losses and A of `count` elements whose q and 1 − q are there.
  func evaluate(_ count: Int, gamma: Double) {
    let epsilon = ProbabilityCrossEntropyKernel.epsilon
    for index in 0..<count {
      let share = shares[index]
      // A factor of A: 0 where q is clipped.
      logarithms[index] = share < epsilon || share > 1 - epsilon ? 0 : 1
      others[index] =
        share < epsilon ? 1 - epsilon : share > 1 - epsilon ? epsilon : others[index]
      shares[index] = share < epsilon ? epsilon : share > 1 - epsilon ? 1 - epsilon : share
    }
    if gamma == 2 {
      powers.update(from: others, count: count)
    } else {
      kl_block_pow_scalar_f64(others, gamma - 1, powers, count)
    }
    for index in 0..<count { powers[index] *= factors[index] }
    // The factor waits in place of y·α, which the powers have taken in.
    factors.update(from: logarithms, count: count)
    kl_block_log_f64(shares, logarithms, count)
    for index in 0..<count where shares[index] > 0.5 {
      logarithms[index] = Double.log1p(-others[index])
    }
    for index in 0..<count {
      let logarithm = logarithms[index]
      let weight = powers[index]
      logarithms[index] = -weight * others[index] * logarithm
      powers[index] =
        weight * (gamma * shares[index] * logarithm - others[index]) * factors[index]
    }
  }
}

/// A row of any numbers for ``FocalKernel``: logits or probabilities.
struct FocalRow<Work: RowElement> {
  let kernel: FocalKernel
  let row: RowBlocks
  let classes: Int
  let room: FocalRoom<Work>
  private(set) var sum = 0.0
  private var partSum = CompensatedSum()
  /// 1 − q of the elements with more than half of the sum: one, unless there are negative ones.
  private var upper: [(element: Int, others: Double)] = []

  init(kernel: FocalKernel, row: RowBlocks, classes: Int, room: FocalRoom<Work>) {
    self.kernel = kernel
    self.row = row
    self.classes = classes
    self.room = room
  }

  private var weights: UnsafeMutablePointer<Double> { room.weights }
  private var parts: UnsafeMutablePointer<Double> { room.parts }
  private var buffers: UnsafeMutablePointer<Work> { room.buffers }
  private var active: ActiveBlock { room.active }

  private func predictions(_ block: Range<Int>) -> UnsafePointer<Work> {
    row.predictions(block, Work.self, buffer: buffers)
  }

  private func total() -> Double {
    var total = CompensatedSum()
    for block in blocks(of: 0..<classes) {
      total.add(kl_block_sum_f64(weights + block.lowerBound, block.count))
    }
    return total.value
  }

  private func sumWithout(_ c: Int) -> Double {
    let own = weights[c]
    weights[c] = 0
    defer { weights[c] = own }
    return total()
  }

  /// Fills in e^(x − max x), or the probabilities, and their sum.
  mutating func fillWeights() {
    if kernel.fromLogits {
      var peak = -Double.infinity
      for block in blocks(of: 0..<classes) {
        peak = Work.largest(predictions(block), peak, block.count)
      }
      for block in blocks(of: 0..<classes) {
        Work.exp(predictions(block), lessBy: peak, into: weights + block.lowerBound, block.count)
      }
    } else {
      for block in blocks(of: 0..<classes) {
        let p = predictions(block)
        let target = weights + block.lowerBound
        for index in 0..<block.count { target[index] = Double(p[index]) }
      }
    }
    sum = total()
  }

  /// The loss; leaves A of each element.
  mutating func loss() -> Double {
    var loss = CompensatedSum()
    parts.update(repeating: 0, count: classes)
    for block in blocks(of: 0..<classes) {
      let count = gather(block)
      for index in 0..<count where active.shares[index] > 0.5 {
        let c = block.lowerBound + Int(active.places[index])
        active.others[index] = sumWithout(c) / sum
        upper.append((c, active.others[index]))
      }
      active.evaluate(count, gamma: kernel.gamma)
      loss.add(kl_block_sum_f64(active.logarithms, count))
      partSum.add(kl_block_sum_f64(active.powers, count))
      let target = parts + block.lowerBound
      for index in 0..<count { target[Int(active.places[index])] = active.powers[index] }
    }
    return loss.value
  }

  /// Collects the elements of a block whose label is not 0, and returns their number.
  private func gather(_ block: Range<Int>) -> Int {
    let y = row.labels(block, Work.self, buffer: buffers, (1, 0))
    let slope = 1 - kernel.labelSmoothing
    let offset = kernel.labelSmoothing / Double(classes)
    let weights = weights + block.lowerBound
    return kernel.alpha.withUnsafeBufferPointer { alpha in
      let step = alpha.count == 1 ? 0 : 1
      var count = 0
      for index in 0..<block.count {
        let label = Double(y[index]) * slope + offset
        let share = weights[index] / sum
        active.places[count] = Double(index)
        active.factors[count] = label * alpha[(block.lowerBound + index) * step]
        active.shares[count] = share
        active.others[count] = 1 - share
        // What has no part is overwritten by the next.
        count += label == 0 ? 0 : 1
      }
      return count
    }
  }

  /// Writes the derivatives.
  func write(_ scale: Double) {
    let all = partSum.value
    for block in blocks(of: 0..<classes) {
      let parts = parts + block.lowerBound
      let weights = weights + block.lowerBound
      row.writeGradient(block, buffer: buffers + blockSize) { place in
        if kernel.fromLogits {
          let factor = all / sum * scale
          for index in 0..<block.count {
            place[index] = Work(parts[index] * scale - weights[index] * factor)
          }
          for (c, others) in upper where block.contains(c) {
            let part = self.parts[c]
            let rest = self.weights[c] / sum * partSum.without(part)
            place[c - block.lowerBound] = Work((part * others - rest) * scale)
          }
        } else {
          let shift = all / sum * scale
          for index in 0..<block.count {
            // A clipped element may be 0.
            let own = parts[index] == 0 ? 0 : parts[index] / weights[index] * scale
            place[index] = Work(own - shift)
          }
        }
      }
    }
  }
}
