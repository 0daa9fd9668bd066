import Dispatch
import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// Collections: what is filed under which name, what a total adds up, threads.

@Suite struct LossCollectionTests {
  private let labels: Tensor<Float> = [[0, 1, 0], [0, 0, 1]]
  private let logits: Tensor<Float> = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]

  @Test func nothingIsCollectedUnlessACollectionIsHandedOver() throws {
    let collection = LossCollection<Float>()
    _ = try Losses.softmaxCrossEntropy(onehotLabels: labels, logits: logits)
    #expect(collection.getLosses().isEmpty)
    let loss = try Losses.softmaxCrossEntropy(
      onehotLabels: labels, logits: logits, lossCollection: collection)
    #expect(collection.getLosses() == [loss])
  }

  @Test func errorsCollectNothing() {
    let collection = LossCollection<Float>()
    #expect(throws: LossError.self) {
      try Losses.softmaxCrossEntropy(
        onehotLabels: labels, logits: logits, weights: [1, 2, 3], lossCollection: collection)
    }
    #expect(collection.getLosses().isEmpty)
  }

  @Test func scopesSelectByPrefix() throws {
    let collection = LossCollection<Float>()
    for scope in ["tower", "tower", "other", nil] {
      _ = try Losses.softmaxCrossEntropy(
        onehotLabels: labels, logits: logits, scope: scope, lossCollection: collection)
    }
    collection.addLoss(3, scope: "tower/extra")
    #expect(collection.getLosses().count == 5)
    #expect(collection.getLosses(scope: "tower").count == 3)
    #expect(collection.getLosses(scope: "tower_1/").count == 1)
    #expect(collection.getLosses(scope: "tower_1/value").count == 1)
    #expect(collection.getLosses(scope: "softmax_cross_entropy_loss/value").count == 1)
    #expect(collection.getLosses(scope: "ower").isEmpty)
  }

  @Test func totals() throws {
    let collection = LossCollection<Double>()
    #expect(try collection.getRegularizationLoss() == 0)
    collection.addLoss(1)
    collection.addLoss(2, scope: "a")
    collection.addRegularizationLoss(0.25, scope: "a/kernel")
    collection.addRegularizationLoss(0.5)
    #expect(collection.getRegularizationLosses() == [0.25, 0.5])
    #expect(try collection.getRegularizationLoss() == 0.75)
    #expect(try collection.getRegularizationLoss(scope: "a") == 0.25)
    #expect(try collection.getTotalLoss() == 3.75)
    #expect(try collection.getTotalLoss(addRegularizationLosses: false) == 3)
    #expect(try collection.getTotalLoss(scope: "a") == 2.25)
  }

  @Test func unreducedLossesAddElementByElement() throws {
    let collection = LossCollection<Float>()
    let loss = try Losses.softmaxCrossEntropy(
      onehotLabels: labels, logits: logits, lossCollection: collection, reduction: .none)
    collection.addLoss([1, 2])
    #expect(try collection.getTotalLoss().scalars == [loss.scalars[0] + 1, loss.scalars[1] + 2])
    #expect(collection.getLosses(scope: "softmax_cross_entropy_loss/Mul").count == 1)
    collection.addLoss(1)
    #expect(
      errorText { _ = try collection.getTotalLoss() }
        == "lossCollection: losses must have one shape to be added; got [2] and [].")
  }

  @Test func anEmptyTotalIsAnError() {
    #expect(
      errorText { _ = try LossCollection<Float>().getTotalLoss() }
        == "lossCollection: holds no losses; a total needs at least one.")
  }

  @Test func threadsAddAtOnce() throws {
    let collection = LossCollection<Double>()
    DispatchQueue.concurrentPerform(iterations: 100) { _ in collection.addLoss(1, scope: "t") }
    #expect(collection.getLosses(scope: "t").count == 100)
    #expect(try collection.getTotalLoss() == 100)
  }

  /// The functions of `Losses` work on the collection that they are handed.
  @Test func functionsOfTheModule() throws {
    let collection = LossCollection<Double>()
    Losses.addLoss(1.5, lossCollection: collection)
    let mse = try Losses.meanSquaredError(
      labels: [1, 2] as Tensor<Double>, predictions: [1, 4], scope: "tower",
      lossCollection: collection)
    collection.addRegularizationLoss(0.25, scope: "tower/kernel")
    #expect(Losses.getLosses(lossCollection: collection) == [1.5, mse])
    #expect(Losses.getLosses(scope: "tower", lossCollection: collection) == [mse])
    #expect(Losses.getRegularizationLosses(lossCollection: collection) == [0.25])
    #expect(try Losses.getRegularizationLoss(lossCollection: collection) == 0.25)
    #expect(try Losses.getRegularizationLoss(scope: "other", lossCollection: collection) == 0)
    #expect(try Losses.getTotalLoss(lossCollection: collection) == 3.75)
    #expect(
      try Losses.getTotalLoss(
        addRegularizationLosses: false, scope: "tower", lossCollection: collection) == 2)
    #expect(
      errorText { _ = try Losses.getTotalLoss(scope: "none", lossCollection: collection) }
        == "lossCollection: holds no losses; a total needs at least one.")
  }
}
