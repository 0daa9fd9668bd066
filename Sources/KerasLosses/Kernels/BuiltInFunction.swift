internal import CLossKernels

/// A function of a label y and a prediction p whose formula is written in C, once for both types: see
/// blocks_pointwise.h there.
struct BuiltInFunction: FloatElementwiseFunction {
  private let loss: kl_pointwise
  private var parameters = kl_parameters(
    slope: 1, offset: 0, bits: 0, delta: 0, gamma: 0, weight_0: 1, weight_1: 1, exponent: 1)

  private init(_ loss: kl_pointwise) { self.loss = loss }

  /// (p − y)².
  static let squaredError = BuiltInFunction(KL_SQUARED_ERROR)

  /// |p − y|.
  static let absoluteError = BuiltInFunction(KL_ABSOLUTE_ERROR)

  /// (p − y)²/2 up to a distance of `delta`, from there on straight.
  static func huber(delta: Double) -> BuiltInFunction {
    var function = BuiltInFunction(KL_HUBER)
    function.parameters.delta = delta
    return function
  }

  /// 100·|p − y| / max(|y|, ε).
  static let percentageError = BuiltInFunction(KL_PERCENTAGE_ERROR)

  /// (ln(1 + max(p, ε)) − ln(1 + max(y, ε)))².
  static let logarithmicError = BuiltInFunction(KL_LOGARITHMIC_ERROR)

  /// ln cosh(p − y).
  static let logCosh = BuiltInFunction(KL_LOG_COSH)

  /// y·ln(y / p), both clipped to [ε, 1].
  static let divergence = BuiltInFunction(KL_DIVERGENCE)

  /// p − y·ln(p + ε).
  static let poisson = BuiltInFunction(KL_POISSON)

  /// −y·ln q − (1 − y)·ln(1 − q), q = p clipped to [ε, 1 − ε].
  static let bernoulli = BuiltInFunction(KL_BERNOULLI)

  /// The above, or the same of a logit without clipping, times (1 − p_t)^γ and a weight of either class.
  static func focal(
    fromLogits: Bool, gamma: Double, weights: (zero: Double, one: Double)
  ) -> BuiltInFunction {
    var function = BuiltInFunction(fromLogits ? KL_FOCAL_LOGITS : KL_FOCAL)
    function.parameters.gamma = gamma
    function.parameters.weight_0 = weights.zero
    function.parameters.weight_1 = weights.one
    return function
  }

  /// max(0, 1 − y·p).
  static let hinge = BuiltInFunction(KL_HINGE)

  /// max(0, 1 − y·p)².
  static let squaredHinge = BuiltInFunction(KL_SQUARED_HINGE)

  /// (1 − p^exponent) / exponent. Labels are not looked at.
  static func powerLoss(exponent: Double) -> BuiltInFunction {
    var function = BuiltInFunction(KL_POWER_LOSS)
    function.parameters.exponent = exponent
    return function
  }

  var ofBits: (any ElementwiseFunction)? {
    guard loss == KL_HINGE || loss == KL_SQUARED_HINGE else { return nil }
    var result = self
    result.parameters.bits = 1
    return result
  }

  func mappingLabels(slope: Double, offset: Double) -> (any ElementwiseFunction)? {
    let ofClasses = [KL_HINGE, KL_SQUARED_HINGE, KL_BERNOULLI, KL_FOCAL, KL_FOCAL_LOGITS]
    guard ofClasses.contains(loss) else { return nil }
    var result = self
    result.parameters.slope = slope
    result.parameters.offset = offset
    return result
  }

  var takesLongBlocks: Bool { true }

  func evaluate(_ block: ElementwiseBlock<Float>) -> Double {
    withUnsafePointer(to: parameters) {
      kl_pointwise_f32(
        loss, $0, block.labels, block.predictions, block.values, block.derivatives, block.scales,
        block.scaleStep, block.count)
    }
  }

  func evaluate(_ block: ElementwiseBlock<Double>) -> Double {
    withUnsafePointer(to: parameters) {
      kl_pointwise_f64(
        loss, $0, block.labels, block.predictions, block.values, block.derivatives, block.scales,
        block.scaleStep, block.count)
    }
  }

  func add(_ block: WeightedBlock<Float>, to sum: inout ExactSum) -> Double? {
    withUnsafePointer(to: parameters) { parameters in
      sum.withState { state, sumsWeights in
        kl_pointwise_add_f32(
          state, sumsWeights, loss, parameters, block.labels, block.predictions, block.weights,
          block.divisor, block.derivatives, block.count)
      }
    }
  }

  func add(_ block: WeightedBlock<Double>, to sum: inout ExactSum) -> Double? {
    withUnsafePointer(to: parameters) { parameters in
      sum.withState { state, sumsWeights in
        kl_pointwise_add_f64(
          state, sumsWeights, loss, parameters, block.labels, block.predictions, block.weights,
          block.divisor, block.derivatives, block.count)
      }
    }
  }
}
