internal import CLossKernels

/// Σ w·ℓ and Σ w as integers: exact, in any order. The Swift face of `kl_exact`.
package struct ExactSum: Sendable {
  private var state = kl_exact()
  /// Whether Σ w is added up, too.
  private(set) var sumsWeights: Bool

  init(sumsWeights: Bool) { self.sumsWeights = sumsWeights }

  var count: UInt64 { state.n }
  var nonzeroWeights: UInt64 { state.z }

  /// Adds elements; without weights each weight is 1.
  mutating func add<Scalar: LossScalar>(losses: ArraySlice<Scalar>, weights: ArraySlice<Scalar>?) {
    let count = losses.count
    guard weights.map({ $0.count == count }) ?? true else {
      fatalError("ExactSum: as many weights as losses are needed.")
    }
    if Scalar._kind == .float16 {
      return add(
        losses: losses.map { Float($0) }[...], weights: weights.map { $0.map { Float($0) }[...] })
    }
    losses.withUnsafeBytes { losses in
      guard let losses = losses.baseAddress else { return }
      guard let weights else { return add(losses, nil, count, Scalar._kind) }
      weights.withUnsafeBytes { add(losses, $0.baseAddress, count, Scalar._kind) }
    }
  }

  /// Adds elements of loss 0.
  mutating func add<Scalar: LossScalar>(weights: ArraySlice<Scalar>) {
    if Scalar._kind == .float16 { return add(weights: weights.map { Float($0) }[...]) }
    weights.withUnsafeBytes { bytes in
      noLosses.withUnsafeBytes { losses in
        guard let weights = bytes.baseAddress, let losses = losses.baseAddress else { return }
        let width = MemoryLayout<Scalar>.stride
        let count = bytes.count / width
        for start in stride(from: 0, to: count, by: noLosses.count) {
          let length = min(noLosses.count, count - start)
          add(losses, weights + start * width, length, Scalar._kind)
        }
      }
    }
  }

  private mutating func add(
    _ losses: UnsafeRawPointer, _ weights: UnsafeRawPointer?, _ count: Int, _ kind: ElementKind
  ) {
    if kind == .float32 {
      let add = sumsWeights ? kl_exact_add_f32 : kl_exact_add_products_f32
      add(
        &state, losses.assumingMemoryBound(to: Float.self),
        weights?.assumingMemoryBound(to: Float.self), count)
    } else {
      let add = sumsWeights ? kl_exact_add_f64 : kl_exact_add_products_f64
      add(
        &state, losses.assumingMemoryBound(to: Double.self),
        weights?.assumingMemoryBound(to: Double.self), count)
    }
  }

  /// Calls `body` with the sum, for functions that add to it, and whether the weights are added up, too.
  mutating func withState<Result>(
    _ body: (UnsafeMutablePointer<kl_exact>, _ sumsWeights: Bool) -> Result
  ) -> Result {
    let sumsWeights = sumsWeights
    return withUnsafeMutablePointer(to: &state) { body($0, sumsWeights) }
  }

  /// Adds `count` elements of loss 0 and weight 1.
  mutating func addUnitWeights(_ count: Int) {
    guard count > 0 else { return }
    var zero = 0.0
    var weight = Double(count)
    kl_exact_add_f64(&state, &zero, &weight, 1)
    // One element of their joint weight stands for all; here is their number.
    state.n += UInt64(count - 1)
    state.z += UInt64(count - 1)
  }

  mutating func merge(_ other: ExactSum) {
    var other = other
    sumsWeights = sumsWeights && other.sumsWeights
    kl_exact_merge(&state, &other.state)
  }

  /// Σ w·ℓ, Σ w·ℓ / n or Σ w·ℓ / Σ w, rounded once.
  func quotient<Scalar: LossScalar>(by denominator: LossAccumulator.Denominator) -> Scalar {
    guard sumsWeights || denominator != .weights else {
      fatalError("ExactSum: the weights were not added up.")
    }
    return withUnsafePointer(to: state) { state in
      switch (Scalar._kind, denominator) {
      case (.float32, .one): Scalar(kl_exact_sum_f32(state))
      case (.float32, .count(let n)): Scalar(kl_exact_over_count_f32(state, n))
      case (.float32, .weights): Scalar(kl_exact_over_weights_f32(state))
      case (.float64, .one): Scalar(kl_exact_sum_f64(state))
      case (.float64, .count(let n)): Scalar(kl_exact_over_count_f64(state, n))
      case (.float64, .weights): Scalar(kl_exact_over_weights_f64(state))
      case (_, .one): half(kl_exact_sum_f16(state))
      case (_, .count(let n)): half(kl_exact_over_count_f16(state, n))
      case (_, .weights): half(kl_exact_over_weights_f16(state))
      }
    }
  }

  private func half<Scalar: LossScalar>(_ bits: UInt16) -> Scalar {
    #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
      return Scalar(Float16(bitPattern: bits))
    #else
      fatalError("ExactSum: there is no Float16 here.")
    #endif
  }

  /// Σ w, rounded once.
  var weightSum: Double { withUnsafePointer(to: state) { kl_exact_weight_sum($0) } }
}

/// Zeros, in Float as in Double.
private let noLosses = [Double](repeating: 0, count: 4096)
