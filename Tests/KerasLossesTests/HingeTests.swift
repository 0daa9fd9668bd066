import KerasLosses
import TestSupport
import Testing

// Keras 3.15.1's numbers for Hinge and SquaredHinge, and when labels of 0 and 1 stand for −1 and 1.

@Suite struct HingeTests {
  private let predictions: Tensor<Float> = [[0.6, 0.4], [0.4, 0.6]]

  @Test func numbersOfKeras() {
    func check(_ labels: Tensor<Float>, _ hinge: [Double], _ squared: [Double]) {
      #expect(isClose(Hinge(reduction: .none)(labels, predictions), hinge, relative: 1e-6))
      #expect(isClose(SquaredHinge(reduction: .none)(labels, predictions), squared, relative: 1e-6))
    }
    check([[0, 1], [0, 0]], [1.1, 1.5], [1.46, 2.26])
    check([[-1, 1], [-1, 1]], [1.1, 0.9], [1.46, 1.06])
    // One label that is neither 0 nor 1, and all are taken as they are.
    check([[0, 1], [-1, 1]], [0.8, 0.9], [0.68, 1.06])
    let labels: Tensor<Float> = [[0, 1], [0, 0]]
    #expect(isClose(Hinge()(labels, predictions), [1.3], relative: 1e-6))
    #expect(isClose(SquaredHinge()(labels, predictions), [1.86], relative: 1e-6))
    #expect(isClose(Hinge(reduction: .sum)(labels, predictions), [2.6], relative: 1e-6))
    #expect(isClose(SquaredHinge(reduction: .sum)(labels, predictions), [3.72], relative: 1e-6))
  }

  @Test(arguments: [1, 2, 16_384, 16_385, 50_000, 200_001])
  func oneLabelDecidesForAll(_ count: Int) throws {
    let loss = Hinge(reduction: .sum)
    let p = Tensor(shape: [count, 1], scalars: [Float](repeating: 0.5, count: count))
    func gradients<Label: TensorElement>(_ labels: [Label]) throws -> Set<Float> {
      let y = Tensor(shape: [count, 1], scalars: labels)
      return Set(try loss.valueWithGradient(y, p).gradient.scalars)
    }
    #expect(try gradients([Float](repeating: 0, count: count)) == [1])
    #expect(try gradients([Int8](repeating: 0, count: count)) == [1])
    #expect(try gradients([Bool](repeating: false, count: count)) == [1])
    for place in Set([0, count / 2, count - 1]) where count > 1 {
      var labels = [Float](repeating: 0, count: count)
      labels[place] = -1
      #expect(try gradients(labels) == [0, 1])
      #expect(try gradients(labels.map { Int64($0) }) == [0, 1])
      #expect(try gradients(labels.map { Double($0) }) == [0, 1])
    }
  }

  /// The same for outputs of one sample, or two, where it may be noticed late; and a NaN that is no label's fault.
  @Test(arguments: [2000, 40_000])
  func oneLabelDecidesForLongRows(_ outputs: Int) throws {
    for samples in [1, 2] {
      let shape = [samples, outputs]
      let count = samples * outputs
      var labels = (0..<count).map { Float($0 % 2) }
      var p = Tensor(shape: shape, scalars: [Float](repeating: 0.5, count: count))
      for loss in [Hinge(reduction: .sum), SquaredHinge(reduction: .sum)] as [any KerasLoss] {
        labels[count - 1] = 1
        p.scalars[7] = 0.5
        let signs = Tensor(shape: shape, scalars: labels.map { 2 * $0 - 1 })
        let bits = Tensor(shape: shape, scalars: labels)
        let expected = try loss.valueWithGradient(signs, p)
        let found = try loss.valueWithGradient(bits, p)
        #expect(found.value == expected.value && found.gradient == expected.gradient)
        p.scalars[7] = .nan
        let gradient = try loss.valueWithGradient(bits, p).gradient.scalars
        #expect(gradient[7].isNaN && gradient[9] == expected.gradient.scalars[9])
        // Now labels of 0 are 0: the margin is 1 and its derivative 0.
        p.scalars[7] = 0.5
        labels[count - 1] = 2
        let others = try loss.valueWithGradient(Tensor(shape: shape, scalars: labels), p).gradient
        #expect(others.scalars[0] == 0 && others.scalars[1] == found.gradient.scalars[1])
      }
    }
  }

  /// Labels under a mask are not looked at: masked is sliced.
  @Test func labelsUnderAMask() throws {
    let loss = Hinge(reduction: .none)
    let y: Tensor<Float> = [[0, 1], [-1, 1], [1, 1]]
    let p: Tensor<Float> = [[0.6, 0.4], [0.4, 0.6], [0, 2]]
    let masked = try loss.valueWithGradient(y, p, mask: [true, false, true])
    #expect(isClose(masked.value, [1.1, 0, 0.5], relative: 1e-6))
    #expect(masked.gradient == [[0.5, -0.5], [0, 0], [-0.5, 0]])
    #expect(loss(y, p, mask: [true, true, false]).scalars[0] == 0.8)
    // Samples along another axis, whose labels do not lie next to each other.
    let across = try loss.valueWithGradient(
      y.reshaped(to: [3, 2, 1]), p.reshaped(to: [3, 2, 1]),
      mask: [[true, true], [false, true], [true, true]])
    #expect(across.gradient.scalars == [1, -1, 0, -1, -1, 0])
    // A weight of 0 is no mask.
    #expect(loss(y, p, sampleWeight: [1, 0, 1]).scalars[0] == 0.8)
  }

  /// At the margin itself the derivative is 0, from either side of it the label's.
  @Test func kinks() throws {
    let y: Tensor<Float> = [[1], [1], [1], [-1], [-1]]
    let p: Tensor<Float> = [[1], [0.5], [1.5], [-1], [-0.5]]
    let hinge = try Hinge(reduction: .none).valueWithGradient(y, p)
    #expect(hinge.value == [0, 0.5, 0, 0, 0.5])
    #expect(hinge.gradient == [[0], [-1], [0], [0], [1]])
    let squared = try SquaredHinge(reduction: .none).valueWithGradient(y, p)
    #expect(squared.value == [0, 0.25, 0, 0, 0.25])
    #expect(squared.gradient == [[0], [-1], [0], [0], [1]])
  }

  @Test func limits() throws {
    let y: Tensor<Float> = [[1], [-1], [1]]
    let p: Tensor<Float> = [[.infinity], [.infinity], [.nan]]
    for loss in [Hinge(reduction: .none), SquaredHinge(reduction: .none)] as [any KerasLoss] {
      let (value, gradient) = try loss.valueWithGradient(y, p)
      #expect(value.scalars[0] == 0 && value.scalars[1] == .infinity)
      #expect(gradient.scalars[0] == 0 && gradient.scalars[1] > 0)
      #expect(value.scalars[2].bitPattern == Float.nan.bitPattern)
      #expect(gradient.scalars[2].bitPattern == Float.nan.bitPattern)
    }
  }
}
