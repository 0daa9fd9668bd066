internal import CLossKernels

/// (1 − pᵗ) / t for the probability p of the class of each row: the generalized cross-entropy.
///
/// 1 − pᵗ is −(e^(t·ln p) − 1), without the difference: p near 1 costs no digits. The derivative is −p^(t−1)
/// at the class and 0 elsewhere; no other element of the row is read.
struct PowerLossKernel: RowKernel {
  let exponent: Double

  var axis: Int { -1 }
  var labels: LabelEncoding { .classIDs(ignored: nil) }
  var readsWholeSamples: Bool { false }

  func compute(_ run: SampleRun) {
    run.storeZeroGradients()
    let ids = run.classIDs()
    let reciprocal = 1 / exponent
    withBlocks(2, of: Double.self) { buffers in
      let (p, values) = (buffers, buffers + blockSize)
      for samples in blocks(of: run.samples) {
        let first = samples.lowerBound - run.samples.lowerBound
        run.gather(ids[first..<first + samples.count], of: samples, into: p)
        kl_block_log_f64(p, values, samples.count)
        for index in 0..<samples.count { values[index] *= exponent }
        kl_block_expm1_f64(values, values, samples.count)
        for index in 0..<samples.count { values[index] = (0 - values[index]) * reciprocal }
        run.store(losses: values, from: first, count: samples.count)
        if let scales = run.scalesOfRun, let gradient = run.gradient {
          kl_block_pow_scalar_f64(p, exponent - 1, values, samples.count)
          for (index, sample) in samples.enumerated() {
            let place = sample * run.classes + Int(ids[first + index])
            run.kind.store(-values[index] * scales[first + index], gradient, at: place)
          }
        }
        run.storeZeros(samples)
      }
    }
  }
}

extension SampleRun {
  /// The predictions of one class of each of `samples`, rows along the last axis; 1 for those that are not
  /// kept.
  fileprivate func gather(
    _ ids: ArraySlice<Int64>, of samples: Range<Int>, into target: UnsafeMutablePointer<Double>
  ) {
    func gather<Element: BinaryFloatingPoint>(_ type: Element.Type) {
      let rows = predictions.assumingMemoryBound(to: type)
      for (index, id) in ids.enumerated() {
        let sample = samples.lowerBound + index
        target[index] = isKept(sample) ? Double(rows[sample * classes + Int(id)]) : 1
      }
    }
    switch kind {
    case .float32: gather(Float.self)
    case .float64: gather(Double.self)
    default:
      #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        gather(Float16.self)
      #endif
    }
  }
}
