// What is measured: a loss, a shape and the labels that go with it.

import KerasLosses

/// A loss on tensors of one shape.
struct Workload {
  /// What the labels are.
  enum Labels {
    /// Any numbers.
    case numbers
    /// 0 and 1.
    case bits
    /// Numbers in 0...1.
    case probabilities
    /// Numbers in 0...1 that sum to 1 over the last axis.
    case distributions
    /// Class ids, `Int32`, of the classes on an axis.
    case ids(axis: Int)
    /// So many class ids from 1 on for each sample, of the classes on the last axis.
    case sequences(length: Int)
    /// One of so many labels for each sample.
    case identities(count: Int)
  }

  /// What the predictions are.
  enum Predictions {
    /// Any numbers.
    case numbers
    /// Numbers in 0...1.
    case probabilities
    /// Rows of length 1 along the last axis.
    case directions
  }

  let loss: any KerasLoss
  let shape: [Int]
  let labels: Labels
  let predictions: Predictions
  /// Whether each sample has a weight.
  let isWeighted: Bool

  init(
    _ loss: any KerasLoss, _ shape: [Int], _ labels: Labels,
    predictions: Predictions = .numbers, weighted: Bool = false
  ) {
    self.loss = loss
    self.shape = shape
    self.labels = labels
    self.predictions = predictions
    isWeighted = weighted
  }

  /// Keras's name of the function.
  var name: String { type(of: loss).names.function }

  var elements: Int { shape.reduce(1, *) }

  var isSparse: Bool {
    switch labels {
    case .numbers, .bits, .probabilities, .distributions: false
    case .ids, .sequences, .identities: true
    }
  }

  /// "dense" or "sparse".
  var labelName: String { isSparse ? "sparse" : "dense" }

  /// What it is called in the table: different for each.
  var title: String {
    let shape = shape.map(String.init).joined(separator: "x")
    var words = [name, shape, labelName]
    if case .sequences(let length) = labels { words.append("length \(length)") }
    if predictions == .probabilities { words.append("probabilities") }
    if isWeighted { words.append("weighted") }
    return words.joined(separator: " ")
  }
}
