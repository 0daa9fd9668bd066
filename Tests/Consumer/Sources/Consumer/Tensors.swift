import KerasLosses

// Tensors, reductions and scalars as the documentation spells them.

extension Consumer {
  static func tensors() throws {
    let scalars: [Float] = [1, 2, 3, 4, 5, 6]
    let matrix = Tensor(shape: [2, 3], scalars: scalars)
    let checked = try Tensor(validating: [2, 3], scalars: scalars)
    guard matrix == checked, matrix.shape == [2, 3], matrix.rank == 2, matrix.scalars == scalars,
      matrix[1, 2] == 6, matrix.reshaped(to: [3, 2])[2, 0] == 5
    else { fatalError("\(matrix)") }
    let one = Tensor<Double>(2.5)
    let vector = Tensor<Double>([1, 2])
    let nested = Tensor<Double>([[1, 2], [3, 4]])
    let deeper = Tensor<Double>([[[1, 2]], [[3, 4]]])
    let converted = Tensor<Int32>(converting: nested)
    guard one.item == 2.5, vector.shape == [2], nested.shape == [2, 2], deeper.shape == [2, 1, 2],
      converted == [[1, 2], [3, 4]]
    else { fatalError("\(nested)") }
    let literals: (Tensor<Int8>, Tensor<Bool>, Tensor<UInt64>) = ([[0, 1]], [true], 7)
    guard literals.0.rank == 2, literals.1.item, literals.2.item == 7 else { fatalError() }

    let reductions: [Reduction] = [
      .sumOverBatchSize, .sum, .mean, .meanWithSampleWeight, .none, .auto,
    ]
    guard reductions[0].rawValue == "sum_over_batch_size",
      try Reduction(keras: "mean_with_sample_weight") == .meanWithSampleWeight
    else { fatalError("reductions") }
    guard Float.exp(0) == 1, Float.log(1) == 0, Double.log1p(0) == 0, Double.expm1(0) == 0,
      Float.tanh(0) == 0,
      Double.pow(2, 10) == 1024
    else { fatalError("elementary functions") }
  }

  static func gradients() throws {
    let cce = CategoricalCrossentropy(fromLogits: true)
    let ids: Tensor<Int32> = [[0, 1, 0]]
    let wide: Tensor<Double> = [[1, 2, 3]]
    let narrow: Tensor<Float> = [[1, 2, 3]]
    var wideGradient = wide
    var narrowGradient = narrow
    check("evaluate", try cce.evaluate(ids, wide), 1.4076059644443804)
    check("evaluate", try cce.evaluate([[0, 1, 0]], [[1, 2, 3]], sampleWeight: [2]), 2.8152119)
    check("into", try cce.valueWithGradient(ids, wide, into: &wideGradient), 1.4076059644443804)
    check(
      "into", try cce.valueWithGradient([[0, 1, 0]], narrow, mask: [true], into: &narrowGradient),
      1.4076059)
    check(
      "pair", try cce.valueWithGradient(ids, narrow, sampleWeight: 1, mask: [true]).value, 1.4076059
    )
    check("losses", try cce.losses(ids, narrow), 1.4076059)
    let any: any DifferentiableLoss = cce
    check("existential", try any.valueWithGradient(ids, wide).value, 1.4076059644443804)
    check(
      "sparse", SparseCategoricalCrossentropy(fromLogits: true)([1] as Tensor<Int32>, wide),
      1.4076059644443804)
    let named = try LossIdentifier("CategoricalCrossentropy").loss
    guard named.name == "categorical_crossentropy" else { fatalError(named.name) }
  }
}
