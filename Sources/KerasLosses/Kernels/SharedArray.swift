/// The memory of an array of which threads write disjoint parts: a gradient, or losses one by one.
package struct SharedArray: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let count: Int

  /// The memory of an array that is there already.
  package static func reusing<Scalar: LossScalar, Result>(
    _ array: inout [Scalar], _ body: (SharedArray) -> Result
  ) -> Result {
    array.withUnsafeMutableBytes { bytes in
      body(SharedArray(base: bytes.baseAddress ?? emptyMemory, count: bytes.count))
    }
  }

  /// A new array, whose elements are only written once: by `body`, which must write all of them.
  package static func fresh<Scalar: LossScalar, Result>(
    of type: Scalar.Type, count: Int, _ body: (SharedArray) -> Result
  ) -> (array: [Scalar], result: Result) {
    var result: Result?
    let array = [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      adviseLargePages(bytes)
      result = body(
        SharedArray(
          base: bytes.baseAddress ?? emptyMemory, count: count * MemoryLayout<Scalar>.stride))
      initialized = count
    }
    guard let result else { fatalError("SharedArray: the array was not made.") }
    return (array, result)
  }
}

extension SharedArray {
  /// Stores losses times weights, each rounded once, from element `first` on; 0 where they are not kept.
  /// Every NaN becomes the canonical one.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func store<Scalar: LossScalar>(
    _ losses: ArraySlice<Scalar>, weights: ArraySlice<Scalar>?, keep: [Bool]?, at first: Int
  ) {
    guard first >= 0, first + losses.count <= count / MemoryLayout<Scalar>.stride else {
      fatalError("SharedArray: the losses lie outside.")
    }
    let target = base.assumingMemoryBound(to: Scalar.self) + first
    for index in 0..<losses.count {
      var loss = losses[losses.startIndex + index]
      if let weights { loss *= weights[weights.startIndex + index] }
      if let keep, !keep[index] { loss = 0 }
      target[index] = loss.isNaN ? .nan : loss
    }
  }
}

/// An address for arrays that hold nothing. It is not read or written.
nonisolated(unsafe) let emptyMemory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
