import KerasLosses
import TestSupport
import Testing

// What must be equal to the bit: a class axis and its transpose, a mask and a slice, any split of the
// batch, any type of labels, literal and tensor.

@Suite struct IdentityTests {
  private static let losses: [CategoricalCrossentropy] = [true, false].flatMap { fromLogits in
    [0, 0.1].map {
      CategoricalCrossentropy(fromLogits: fromLogits, labelSmoothing: $0, reduction: .none)
    }
  }

  private func operands(_ rows: Int, _ classes: Int) -> (Tensor<Float>, Tensor<Float>) {
    var generator = SeededGenerator(seed: UInt64(rows * 1000 + classes))
    let count = rows * classes
    let labels = (0..<count).map { _ in Float.random(in: 0...1, using: &generator).rounded() }
    let logits = (0..<count).map { _ in Float.random(in: 0.01...5, using: &generator) }
    return (
      Tensor(shape: [rows, classes], scalars: labels),
      Tensor(shape: [rows, classes], scalars: logits)
    )
  }

  private func transposed(_ tensor: Tensor<Float>) -> Tensor<Float> {
    let (rows, columns) = (tensor.shape[0], tensor.shape[1])
    return Tensor(
      shape: [columns, rows],
      scalars: (0..<columns).flatMap { column in (0..<rows).map { tensor[$0, column] } })
  }

  @Test(arguments: losses)
  func axisIsTranspose(_ loss: CategoricalCrossentropy) throws {
    let (labels, logits) = operands(7, 5)
    let across = CategoricalCrossentropy(
      fromLogits: loss.fromLogits, labelSmoothing: loss.labelSmoothing, axis: 0, reduction: .none)
    let (value, gradient) = try loss.valueWithGradient(labels, logits)
    let (other, otherGradient) = try across.valueWithGradient(
      transposed(labels), transposed(logits))
    #expect(value == other)
    #expect(transposed(gradient) == otherGradient)
  }

  @Test(arguments: losses)
  func splitIsWhole(_ loss: CategoricalCrossentropy) throws {
    let (labels, logits) = operands(7, 5)
    let (value, gradient) = try loss.valueWithGradient(labels, logits)
    for row in 0..<7 {
      let range = row * 5..<(row + 1) * 5
      let (one, oneGradient) = try loss.valueWithGradient(
        Tensor(shape: [1, 5], scalars: Array(labels.scalars[range])),
        Tensor(shape: [1, 5], scalars: Array(logits.scalars[range])))
      #expect(one.scalars[0] == value.scalars[row])
      #expect(oneGradient.scalars == Array(gradient.scalars[range]))
    }
  }

  @Test(arguments: Reduction.allCases.filter { $0 != .none })
  func maskIsSlice(_ reduction: Reduction) {
    let (labels, logits) = operands(7, 5)
    let keep = [true, false, true, true, false, false, true]
    let weights: Tensor<Float> = [1, 2, 0, 4, 5, 6, 0.5]
    let kept = (0..<7).filter { keep[$0] }
    func slice(_ tensor: Tensor<Float>) -> Tensor<Float> {
      Tensor(
        shape: [kept.count, 5],
        scalars: kept.flatMap { Array(tensor.scalars[$0 * 5..<$0 * 5 + 5]) })
    }
    let loss = CategoricalCrossentropy(fromLogits: true, reduction: reduction)
    #expect(
      loss(labels, logits, sampleWeight: weights, mask: Tensor(keep))
        == loss(
          slice(labels), slice(logits), sampleWeight: Tensor(kept.map { weights.scalars[$0] })))
  }

  @Test func labelsOfAnyType() {
    let (labels, logits) = operands(6, 4)
    let loss = CategoricalCrossentropy(fromLogits: true)
    let value = loss(labels, logits)
    #expect(loss(Tensor<Double>(converting: labels), logits) == value)
    #expect(loss(Tensor<Int8>(converting: labels), logits) == value)
    #expect(loss(Tensor<UInt64>(converting: labels), logits) == value)
    #expect(loss(Tensor<Int>(converting: labels), logits) == value)
    #expect(loss(Tensor<Bool>(converting: labels), logits) == value)
  }

  @Test func labelsAreNumbersOfThePredictionsType() {
    let logits: Tensor<Float> = [[1, 2, 3]]
    let loss = CategoricalCrossentropy(fromLogits: true)
    #expect(
      loss([[0.1, 0.2, 0.7]] as Tensor<Double>, logits) == loss([[0.1, 0.2, 0.7]], logits))
  }

  @Test func ranksThatDifferByATrailingOne() throws {
    let loss = CategoricalCrossentropy(fromLogits: true, reduction: .none)
    let logits: Tensor<Float> = [[1, 2], [3, 5]]
    let labels: Tensor<Float> = [[0, 1], [1, 0]]
    let (value, gradient) = try loss.valueWithGradient(labels, logits.reshaped(to: [2, 2, 1]))
    #expect(value == loss(labels, logits))
    #expect(gradient.shape == [2, 2, 1])
    // A lower rank of 1 gains an axis: three samples of one class.
    #expect(loss([1, 1, 1], [[1], [2], [3]]).shape == [3])
  }

  @Test func anyLossAndItsMethods() throws {
    let (labels, logits) = operands(3, 4)
    let loss = CategoricalCrossentropy(fromLogits: true)
    let any: any Loss = loss
    #expect(any(labels, logits) == loss(labels, logits))
    #expect(try any.losses(labels, logits).shape == [3])
    let upstream: Tensor<Float> = [1, 2, 3]
    let weighted = CategoricalCrossentropy(fromLogits: true, reduction: .sum)
    #expect(
      try loss.gradient(labels, logits, upstream: upstream)
        == weighted.valueWithGradient(labels, logits, sampleWeight: upstream).gradient)
  }

  @Test func customLossesGetWeightsMasksAndReductions() throws {
    let loss = GivenLoss(reduction: .meanWithSampleWeight)
    let losses: Tensor<Double> = [1, 4, 9]
    #expect(
      loss(losses, losses, sampleWeight: [1, 1, 2], mask: [true, false, true]).item == 19.0 / 3)
    #expect(GivenLoss(reduction: .none)(losses, losses, mask: [true, false, true]) == [1, 0, 9])
  }

  @Test func pointwiseLosses() throws {
    let square = PointwiseLoss { y, p in ((p - y) * (p - y), 2 * (p - y)) }
    let y: Tensor<Float> = [[1, 2], [3, 4]]
    let p: Tensor<Float> = [[2, 2], [6, 0]]
    let (value, gradient) = try square.valueWithGradient(y, p, sampleWeight: [1, 2])
    #expect(value == 12.75)
    #expect(gradient == [[0.5, 0], [3, -4]])
    #expect(try square.losses(y, p) == [0.5, 12.5])
    #expect(square([[], []], [[], []]) == 0)
    let flat = errorText {
      _ = try square.evaluate([1, 2, 3], [1, 2, 4], sampleWeight: [1, 2, 3])
    }
    #expect(flat?.contains("one sample with 3 outputs") == true)
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    @Test func float16RoundsOnce() throws {
      let half: Tensor<Float16> = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]
      let labels: Tensor<Int32> = [[0, 1, 0], [0, 0, 1]]
      let loss = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2, reduction: .none)
      let wide = try loss.valueWithGradient(labels, Tensor<Double>(converting: half))
      let (value, gradient) = try loss.valueWithGradient(labels, half)
      #expect(value == Tensor<Float16>(converting: wide.value))
      #expect(gradient == Tensor<Float16>(converting: wide.gradient))
    }
  #endif

  /// Numbers that are computed in another way: a row's bits are those it has alone, and NaN is the canonical
  /// one.
  @Test(arguments: [5, 17, 81, 128, 300])
  func neighboursDoNotMatter(_ classes: Int) throws {
    var (labels, logits) = operands(64, classes)
    let special: [(Float, Float)] = [
      (1, .infinity), (1, .nan), (0, -.infinity), (1, -.infinity), (1, 400), (0, 3e38), (1, -600),
      (-Float.nan, 40), (.infinity, 40), (1, 40), (0, 40), (0, -200),
    ]
    for (row, (y, x)) in special.enumerated() {
      labels.scalars[(5 * row + 2) * classes + row % classes] = y
      logits.scalars[(5 * row + 2) * classes + row % classes] = x
    }
    for loss in Self.losses where loss.fromLogits {
      let (value, gradient) = try loss.valueWithGradient(labels, logits)
      for row in 0..<64 {
        let elements = row * classes..<(row + 1) * classes
        let alone = try loss.valueWithGradient(
          Tensor(shape: [1, classes], scalars: Array(labels.scalars[elements])),
          Tensor(shape: [1, classes], scalars: Array(logits.scalars[elements])))
        #expect(alone.value.item.bitPattern == value.scalars[row].bitPattern, "row \(row)")
        #expect(
          alone.gradient.scalars.map(\.bitPattern) == gradient.scalars[elements].map(\.bitPattern),
          "row \(row)")
        let numbers = alone.value.scalars + alone.gradient.scalars
        let nans = numbers.filter(\.isNaN)
        #expect(nans.allSatisfy { $0.bitPattern == Float.nan.bitPattern }, "row \(row)")
      }
    }
  }
}
