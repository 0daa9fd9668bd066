/// (1 − pᵗ) / t for the probability p of the class of each row: the generalized cross-entropy.
///
/// The derivative is −p^(t−1) at the class and 0 elsewhere; no other element of the row is read.
struct PowerLossKernel: RowKernel {
  private let function: BuiltInFunction

  init(exponent: Double) { function = .powerLoss(exponent: exponent) }

  var axis: Int { -1 }
  var labels: LabelEncoding { .classIDs(ignored: nil) }
  var readsWholeSamples: Bool { false }

  func compute(_ run: SampleRun) {
    run.storeZeroGradients()
    if run.kind == .float32 {
      compute(run, Float.self) { function.evaluate($0) }
    } else {
      compute(run, Double.self) { function.evaluate($0) }
    }
  }

  @inline(__always)
  private func compute<Work: BlockElement>(
    _ run: SampleRun, _ type: Work.Type, _ evaluate: (ElementwiseBlock<Work>) -> Double
  ) {
    let ids = run.classIDs()
    withBlocks(2, of: Work.self) { buffers in
      withBlocks(1, of: Double.self) { values in
        let (p, derivatives) = (buffers, buffers + blockSize)
        for samples in blocks(of: run.samples) {
          let first = samples.lowerBound - run.samples.lowerBound
          let idsOfBlock = ids[first..<first + samples.count]
          run.gather(idsOfBlock, of: samples, into: p)
          withScales(run.scalesOfRun.map { $0 + first }) { scales in
            _ = evaluate(
              ElementwiseBlock(
                labels: p, predictions: p, count: samples.count, values: values,
                derivatives: run.gradient == nil ? nil : derivatives, scales: scales, scaleStep: 1))
          }
          run.store(losses: values, from: first, count: samples.count)
          run.scatter(derivatives, to: idsOfBlock, of: samples)
          run.storeZeros(samples)
        }
      }
    }
  }
}

extension SampleRun {
  /// The predictions of one class of each of `samples`, rows along the last axis.
  @inline(__always)
  fileprivate func gather<Work: BlockElement>(
    _ ids: ArraySlice<Int64>, of samples: Range<Int>, into target: UnsafeMutablePointer<Work>
  ) {
    var place = samples.lowerBound * classes
    if kind == Work._kind {
      // Each number is a line of memory of its own: the fewer instructions lie between them, the more are on their way
      // at once. Places lie within the predictions, so that no sum overflows.
      let rows = predictions.assumingMemoryBound(to: Work.self)
      let classes = classes
      ids.withUnsafeBufferPointer { ids in
        for index in 0..<ids.count {
          target[index] = rows[place &+ Int(ids[index])]
          place &+= classes
        }
      }
    } else {
      for (index, id) in ids.enumerated() {
        kind.copy(predictions, place + Int(id), 1, 1, target + index)
        place += classes
      }
    }
  }

  /// Stores the derivatives with respect to what ``gather(_:of:into:)`` has read, if a gradient is wanted.
  @inline(__always)
  fileprivate func scatter<Work: BlockElement>(
    _ derivatives: UnsafePointer<Work>, to ids: ArraySlice<Int64>, of samples: Range<Int>
  ) {
    guard let gradient else { return }
    for ((index, sample), id) in zip(samples.enumerated(), ids) {
      kind.store(Double(derivatives[index]), gradient, at: sample * classes + Int(id))
    }
  }
}
