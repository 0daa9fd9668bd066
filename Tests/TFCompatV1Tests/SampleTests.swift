import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// How each function is called here: the samples of MIGRATION.md, run.

private func expect(
  _ loss: Tensor<Float>, _ guide: MigrationGuide, _ location: SourceLocation = #_sourceLocation
) {
  #expect(eightDigits(Double(loss.item)) == guide.example.v1, sourceLocation: location)
}

@Suite struct SampleTests {
  @Test func softmaxCrossEntropy() throws {
    let (yTrue, yPred, weights) = try arrays(MigrationGuide.softmaxCrossEntropy.example.id)
    do {
      // code: softmax_cross_entropy.shim
      let loss = try Losses.softmaxCrossEntropy(
        onehotLabels: yTrue, logits: yPred, weights: weights, labelSmoothing: 0.2)
      // end
      expect(loss, .softmaxCrossEntropy)
    }
    do {
      // code: softmax_cross_entropy.keras
      let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)
      let loss = cce(yTrue, yPred, sampleWeight: weights)
      // end
      expect(loss, .softmaxCrossEntropy)
    }
  }

  @Test func meanSquaredError() throws {
    let (yTrue, yPred, _) = try arrays("5.2/mse-unweighted")
    do {
      // code: mean_squared_error.shim
      let loss = try Losses.meanSquaredError(
        labels: yTrue, predictions: yPred)
      // end
      expect(loss, .meanSquaredError)
    }
    do {
      // code: mean_squared_error.keras
      let mse = MeanSquaredError()
      let loss = mse(yTrue, yPred)
      // end
      expect(loss, .meanSquaredError)
    }
  }

  @Test func absoluteDifference() throws {
    let (yTrue, yPred, _) = try arrays("5.2/mae-unweighted")
    do {
      // code: absolute_difference.shim
      let loss = try Losses.absoluteDifference(
        labels: yTrue, predictions: yPred)
      // end
      expect(loss, .absoluteDifference)
    }
    do {
      // code: absolute_difference.keras
      let mae = MeanAbsoluteError()
      let loss = mae(yTrue, yPred)
      // end
      expect(loss, .absoluteDifference)
    }
  }

  @Test func huberLoss() throws {
    let (yTrue, yPred, _) = try arrays("5.2/huber-unweighted")
    do {
      // code: huber_loss.shim
      let loss = try Losses.huberLoss(
        labels: yTrue, predictions: yPred)
      // end
      expect(loss, .huberLoss)
    }
    do {
      // code: huber_loss.keras
      let huber = Huber()
      let loss = huber(yTrue, yPred)
      // end
      expect(loss, .huberLoss)
    }
  }

  @Test func sigmoidCrossEntropy() throws {
    let (yTrue, yPred, _) = try arrays("5.2/sigmoid-unweighted")
    do {
      // code: sigmoid_cross_entropy.shim
      let loss = try Losses.sigmoidCrossEntropy(
        multiClassLabels: yTrue, logits: yPred)
      // end
      expect(loss, .sigmoidCrossEntropy)
    }
    do {
      // code: sigmoid_cross_entropy.keras
      let bce = BinaryCrossentropy(fromLogits: true)
      let loss = bce(yTrue, yPred)
      // end
      expect(loss, .sigmoidCrossEntropy)
    }
  }

  @Test func sparseSoftmaxCrossEntropy() throws {
    let (yTrue, yPred, weights) = try arrays("5.2/sparse-example")
    do {
      // code: sparse_softmax_cross_entropy.shim
      let loss = try Losses.sparseSoftmaxCrossEntropy(
        labels: yTrue, logits: yPred, weights: weights)
      // end
      expect(loss, .sparseSoftmaxCrossEntropy)
    }
    do {
      // code: sparse_softmax_cross_entropy.keras
      let scce = SparseCategoricalCrossentropy(fromLogits: true)
      let loss = scce(yTrue, yPred, sampleWeight: weights)
      // end
      expect(loss, .sparseSoftmaxCrossEntropy)
    }
  }

  @Test func hingeLoss() throws {
    let (yTrue, yPred, _) = try arrays("5.2/hinge-binary")
    do {
      // code: hinge_loss.shim
      let loss = try Losses.hingeLoss(
        labels: yTrue, logits: yPred)
      // end
      expect(loss, .hingeLoss)
    }
    do {
      // code: hinge_loss.keras
      let hinge = Hinge()
      let loss = hinge(yTrue, yPred)
      // end
      expect(loss, .hingeLoss)
    }
  }

  @Test func logLoss() throws {
    let (yTrue, yPred, _) = try arrays("5.2/log-unweighted")
    do {
      // code: log_loss.shim
      let loss = try Losses.logLoss(
        labels: yTrue, predictions: yPred)
      // end
      expect(loss, .logLoss)
    }
    do {
      // code: log_loss.keras
      let bce = BinaryCrossentropy()
      let loss = bce(yTrue, yPred)
      // end
      #expect(eightDigits(Double(loss.item)) == MigrationGuide.logLoss.example.keras)
    }
  }

  @Test func cosineDistance() throws {
    let (yTrue, yPred, _) = try arrays("5.2/cosine-unit")
    do {
      // code: cosine_distance.shim
      let loss = try Losses.cosineDistance(
        labels: yTrue, predictions: yPred, axis: -1)
      // end
      expect(loss, .cosineDistance)
    }
    do {
      // code: cosine_distance.keras
      let cosine = CosineSimilarity()
      let loss = cosine(yTrue, yPred)
      // end
      #expect(eightDigits(Double(loss.item)) == MigrationGuide.cosineDistance.example.keras)
    }
  }

  @Test func pairwiseShim() throws {
    let (yTrue, yPred, _) = try arrays("1.1.6/unweighted")
    // code: mean_pairwise_squared_error.shim
    let loss = try Losses.meanPairwiseSquaredError(
      labels: yTrue, predictions: yPred)
    // end
    expect(loss, .meanPairwiseSquaredError)
  }
}
