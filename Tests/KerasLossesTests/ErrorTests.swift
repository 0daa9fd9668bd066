import Foundation
import KerasLosses
import TestSupport
import Testing

// Every kind of bad input, with its text.

@Suite struct ErrorTests {
  struct Call: Sendable, CustomStringConvertible {
    let description: String
    let text: String
    let code: LossError.Code
    let body: @Sendable () throws -> Void

    init(
      _ description: String, _ code: LossError.Code, _ text: String,
      _ body: @escaping @Sendable () throws -> Void
    ) {
      self.description = description
      self.code = code
      self.text = text
      self.body = body
    }
  }

  private static let cce = CategoricalCrossentropy(fromLogits: true)
  private static let labels: Tensor<Float> = [[0, 1, 0], [0, 0, 1]]
  private static let logits: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
  private static let cube = Tensor<Float>(shape: [2, 3, 4], scalars: (0..<24).map(Float.init))

  static let calls: [Call] = [
    Call(
      "shapes differ", .shapeMismatch,
      "yTrue: must have the shape of yPred (where the ranks differ by one, a trailing axis of size 1 "
        + "may be added or dropped); got yTrue [2, 3] and yPred [1, 2]."
    ) { _ = try cce.evaluate(labels, [[1, 2]]) },
    Call(
      "ranks differ by two", .shapeMismatch,
      "yTrue: must have the shape of yPred (where the ranks differ by one, a trailing axis of size 1 "
        + "may be added or dropped); got yTrue [1] and yPred [1, 1, 1]."
    ) { _ = try cce.evaluate([1], [[[1]]]) },
    Call(
      "rank 0", .rank,
      "yPred: must have at least one axis, the classes; got yPred [] and yTrue []."
    ) { _ = try cce.evaluate(1, 2) },
    Call(
      "too many weights", .weights,
      "sampleWeight: must align with the leading axes of the losses, each size 1 or equal; got "
        + "sampleWeight [3] for losses [2]."
    ) { _ = try cce.evaluate(labels, logits, sampleWeight: [1, 2, 3]) },
    Call(
      "weights of too many axes", .weights,
      "sampleWeight: must align with the leading axes of the losses, each size 1 or equal; got "
        + "sampleWeight [2, 2] for losses [2]."
    ) { _ = try cce.evaluate(labels, logits, sampleWeight: [[1, 2], [3, 4]]) },
    Call(
      "weights along the trailing axis", .weights,
      "sampleWeight: must align with the leading axes of the losses, each size 1 or equal; got "
        + "sampleWeight [3] for losses [2, 3]."
    ) { _ = try cce.evaluate(cube, cube, sampleWeight: [1, 2, 3]) },
    Call(
      "weights on a scalar loss", .weights,
      "sampleWeight: must align with the leading axes of the losses, each size 1 or equal; got "
        + "sampleWeight [3] for losses []. yPred [3] is one sample with 3 outputs; for 3 samples "
        + "reshape to [3, 1]."
    ) { _ = try cce.evaluate([0, 1, 0], [1, 2, 3], sampleWeight: [1, 1, 1]) },
    Call(
      "mask of another shape", .mask,
      "mask: must have the shape of the losses, [2]; got [2, 3] for yPred [2, 3]."
    ) {
      _ = try cce.evaluate(labels, logits, mask: [[true, true, false], [true, true, true]])
    },
    Call("axis too large", .axis, "axis: must lie in -2..<2 for yPred of rank 2; got 2.") {
      _ = try CategoricalCrossentropy(axis: 2).evaluate(labels, logits)
    },
    Call("axis too small", .axis, "axis: must lie in -2..<2 for yPred of rank 2; got -3.") {
      _ = try CategoricalCrossentropy(axis: -3).evaluate(labels, logits)
    },
    Call(
      "upstream of another shape", .weights,
      "upstream: must align with the leading axes of the losses, each size 1 or equal; got upstream "
        + "[3] for losses [2]."
    ) { _ = try cce.gradient(labels, logits, upstream: [1, 2, 3]) },
    Call(
      "TensorFlow 1's reduction", .reduction,
      "reduction: must be one of \"sum_over_batch_size\", \"sum\", \"mean\", "
        + "\"mean_with_sample_weight\", \"none\"; got \"weighted_mean\"."
    ) { _ = try Reduction(keras: "weighted_mean") },
    Call(
      "an unknown reduction", .reduction,
      "reduction: must be one of \"sum_over_batch_size\", \"sum\", \"mean\", "
        + "\"mean_with_sample_weight\", \"none\"; got \"Sum\"."
    ) { try decode(#"{"reduction": "Sum"}"#) },
    Call(
      "a misspelt key", .configuration,
      "label_smothing: is no key of this configuration; known keys are from_logits, "
        + "label_smoothing, axis, reduction, name."
    ) { try decode(#"{"label_smothing": 0.1}"#) },
    Call("a value of the wrong kind", .configuration, "from_logits: must be of type Bool.") {
      try decode(#"{"from_logits": "yes"}"#)
    },
    Call("a fractional axis", .configuration, "axis: must be of type Int.") {
      try decode(#"{"axis": 0.5}"#)
    },
    Call("smoothing above 1", .parameter, "label_smoothing: must lie in 0...1; got 1.5.") {
      try decode(#"{"label_smoothing": 1.5}"#)
    },
    Call("a delta of 0", .parameter, "delta: must be finite and greater than 0; got 0.0.") {
      try decode(Huber.self, #"{"delta": 0}"#)
    },
    Call("a negative delta", .parameter, "delta: must be finite and greater than 0; got -1.0.") {
      try decode(Huber.self, #"{"delta": -1}"#)
    },
    Call("a delta beyond Double", .parameter, "delta: must be finite and greater than 0; got inf.")
    {
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      _ = try decoder.decode(Huber.self, from: Data(#"{"delta": "inf"}"#.utf8))
    },
    Call("a negative gamma", .parameter, "gamma: must be finite and not negative; got -0.5.") {
      try decode(BinaryFocalCrossentropy.self, #"{"gamma": -0.5}"#)
    },
    Call("an alpha above 1", .parameter, "alpha: must lie in 0...1; got 1.25.") {
      try decode(BinaryFocalCrossentropy.self, #"{"alpha": 1.25}"#)
    },
    Call("focal smoothing below 0", .parameter, "label_smoothing: must lie in 0...1; got -1.0.") {
      try decode(BinaryFocalCrossentropy.self, #"{"label_smoothing": -1}"#)
    },
    Call(
      "an unknown loss", .identifier,
      "identifier: \"crossentropy\" names no loss; there are "
        + "\(LossIdentifier.catalog.map(\.names.class).sorted().joined(separator: ", "))."
    ) { _ = try LossIdentifier("crossentropy") },
  ]

  private static func decode(_ json: String) throws {
    try decode(CategoricalCrossentropy.self, json)
  }

  private static func decode(_ type: (some KerasLoss).Type, _ json: String) throws {
    _ = try JSONDecoder().decode(type, from: Data(json.utf8))
  }

  @Test(arguments: calls)
  func text(_ call: Call) {
    let error = #expect(throws: LossError.self) { try call.body() }
    #expect(error?.description == call.text)
    #expect(error?.code == call.code)
    #expect(call.text.hasPrefix("\(error?.argument ?? "?"): "))
  }

  @Test func callsTrapWithTheText() async {
    let call = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let cce = CategoricalCrossentropy()
      print(cce([[0, 1]], [[0.2, 0.3, 0.5]]))
    }
    #expect(standardError(of: call).contains("got yTrue [1, 2] and yPred [1, 3]."))
    let smoothing = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      print(CategoricalCrossentropy(labelSmoothing: -0.1))
    }
    #expect(standardError(of: smoothing).contains("labelSmoothing: must lie in 0...1; got -0.1."))
    let nan = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(CategoricalCrossentropy(labelSmoothing: .nan))
    }
    #expect(standardError(of: nan).contains("labelSmoothing: must lie in 0...1; got nan."))
    let delta = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(Huber(delta: 0))
    }
    #expect(standardError(of: delta).contains("delta: must be finite and greater than 0; got 0.0."))
    let gamma = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(BinaryFocalCrossentropy(gamma: .infinity))
    }
    #expect(standardError(of: gamma).contains("gamma: must be finite and not negative; got inf."))
  }

  @Test func errorsAreValues() throws {
    let error = LossError.Code.allCases.count
    #expect(error == 12)
    let one = #expect(throws: LossError.self) { try Reduction(keras: "x") }
    let data = try JSONEncoder().encode(one)
    #expect(try JSONDecoder().decode(LossError?.self, from: data) == one)
  }
}

/// What a trap wrote.
func standardError(of result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}
