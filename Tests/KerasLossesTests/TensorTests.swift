import KerasLosses
import TestSupport
import Testing

// Tensors: literals, nested arrays, elements, conversions, and every way to misuse them.

@Suite struct TensorTests {
  @Test func literalsOfAnyNesting() {
    let scalar: Tensor<Float> = 2
    let vector: Tensor<Double> = [0.3, 0.7]
    let cube: Tensor<Int32> = [[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]]
    let mask: Tensor<Bool> = [[true, false]]
    let empty: Tensor<Float> = []
    let noColumns: Tensor<Float> = [[], []]
    #expect(scalar.shape == [] && scalar.rank == 0 && scalar.item == 2)
    #expect(vector.shape == [2] && vector.scalars == [0.3, 0.7])
    #expect(cube.shape == [3, 2, 2] && cube.scalars == Array(1...12))
    #expect(mask.shape == [1, 2])
    #expect(empty.shape == [0] && noColumns.shape == [2, 0])
    #expect(([[0, .negativeInfinity]] as Tensor<Float>).scalars == [0, -.infinity])
  }

  @Test func nestedArraysOfAnyDepth() {
    let a: Float = 0.5
    #expect(Tensor([[a, 1], [2, a]]).scalars == [0.5, 1, 2, 0.5])
    #expect(Tensor([[[[a]]]]).shape == [1, 1, 1, 1])
    #expect(Tensor([1, 2, 3] as [Int64]).shape == [3])
    #expect(Tensor(a).shape == [])
    #expect(Tensor([[[Float]]]()).shape == [0, 0, 0])
    #expect(Tensor([[], []] as [[Float]]).shape == [2, 0])
  }

  @Test func takesAnArrayWithoutCopying() {
    let scalars = (0..<1000).map(Float.init)
    let tensor = Tensor(shape: [10, 100], scalars: scalars)
    let shared = scalars.withUnsafeBufferPointer { before in
      tensor.scalars.withUnsafeBufferPointer { before.baseAddress == $0.baseAddress }
    }
    #expect(shared)
    #expect(
      Tensor(scalars).scalars.withUnsafeBufferPointer { $0.baseAddress }
        == scalars.withUnsafeBufferPointer { $0.baseAddress })
  }

  @Test func elementsByIndex() {
    var tensor: Tensor<Int> = [[1, 2, 3], [4, 5, 6]]
    #expect(tensor[1, 2] == 6 && tensor[0, 0] == 1)
    tensor[0, 1] = 9
    #expect(tensor.scalars == [1, 9, 3, 4, 5, 6])
    #expect(tensor.reshaped(to: [3, 2])[2, 1] == 6)
  }

  @Test func conversions() {
    #expect(Tensor<Float>(converting: [1, 0] as Tensor<Int8>) == [1, 0])
    #expect(Tensor<Int32>(converting: [1.9, -1.9] as Tensor<Double>) == [1, -1])
    #expect(Tensor<Bool>(converting: [0, -2, 0.5] as Tensor<Float>) == [false, true, true])
    #expect(Tensor<UInt8>(converting: [true, false] as Tensor<Bool>) == [1, 0])
    #expect(Tensor<Float>(converting: [16_777_217] as Tensor<Int64>) == [16_777_216])
    #expect(Tensor<Double>(converting: [0.1] as Tensor<Double>) == [0.1])
  }

  @Test(arguments: [
    ([2, 3], 5, "shape: [2, 3] holds 6 elements; got 5 scalars."),
    ([2, -1], 0, "shape: sizes must not be negative; got [2, -1]."),
    (
      [Int.max, 2], 0,
      "shape: the number of elements of [9223372036854775807, 2] does not fit a 64-bit integer."
    ),
    (
      [Int.max, 2, 0], 0,
      "shape: the number of elements of [9223372036854775807, 2, 0] does not fit a 64-bit integer."
    ),
  ])
  func badShapes(_ shape: [Int], _ count: Int, _ text: String) {
    let scalars = [Float](repeating: 0, count: count)
    #expect(errorText { _ = try Tensor(validating: shape, scalars: scalars) } == text)
  }

  @Test func raggedArraysThrow() {
    #expect(
      errorText { _ = try Tensor(validating: [[1, 2], [3]] as [[Float]]) }
        == "nested: every row must have the shape of the first; row [1] has shape [1], the first [2]."
    )
    #expect(
      errorText { _ = try Tensor(validating: [[[1], [2]], [[3], []]] as [[[Float]]]) }
        == "nested: every row must have the shape of the first; row [1, 1] has shape [0], the first [1]."
    )
  }

  @Test func misuseEndsTheProcessWithItsText() async {
    let ragged = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tensor: Tensor<Float> = [[1, 2], [3]]
      print(tensor)
    }
    #expect(standardError(of: ragged).contains("row [1] has shape [1], the first [2]"))
    let mixed = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tensor: Tensor<Float> = [[1, 2], 3]
      print(tensor)
    }
    #expect(standardError(of: mixed).contains("row [1] has shape [], the first [2]"))
    let count = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor(shape: [2, 2], scalars: [1, 2, 3])
    }
    #expect(standardError(of: count).contains("shape: [2, 2] holds 4 elements; got 3 scalars."))
    let item = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(([1, 2] as Tensor<Float>).item)
    }
    #expect(standardError(of: item).contains("item: needs a tensor of exactly one element"))
  }

  @Test func descriptions() {
    #expect("\(Tensor<Float>(0.5))" == "0.5")
    #expect("\([0.3, 0.7] as Tensor<Float>)" == "[0.3, 0.7]")
    #expect("\([[1, 2], [3, 4]] as Tensor<Int>)" == "[[1, 2],\n [3, 4]]")
    #expect("\([[[1], [2]], [[3], [4]]] as Tensor<Int>)" == "[[[1],\n  [2]],\n\n [[3],\n  [4]]]")
    #expect(String(reflecting: [1] as Tensor<Int8>) == "Tensor<Int8>(shape: [1], [1])")
    let large = Tensor(shape: [2000], scalars: Array(0..<2000))
    #expect("\(large)" == "[0, 1, 2, …, 1997, 1998, 1999]")
  }
}
