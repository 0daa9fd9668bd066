internal import CLossKernels

// Whether labels are 0 and 1: what some losses have to know of all of them before they begin.

extension Tensor {
  /// Whether all numbers are 0 or 1.
  ///
  /// Numbers of another kind are usually found among the first; otherwise this is a pass over memory, on as
  /// many threads as a loss may use.
  func isBinary() -> Bool {
    let count = scalars.count
    let length = 1 << 14
    let blocks = (count + length - 1) / length
    return scalars.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return true }
      let shared = UncheckedSendable(base)
      let isBinary = { @Sendable (block: Int) in
        let first = block * length
        return Element._kind.areBinary(shared.value, first, min(length, count - first))
      }
      guard count > 0, isBinary(0) else { return count == 0 }
      let threads = threadCount(elements: count, blocks: blocks - 1)
      return concurrentBlocks(blocks - 1, threads: threads) {
        true
      } body: { isTrue, block in
        if isTrue { isTrue = isBinary(block + 1) }
      }.allSatisfy { $0 }
    }
  }

  /// Whether `count` numbers at a distance of `stride` are 0 or 1.
  func isBinary(from first: Int, count: Int, stride: Int) -> Bool {
    guard first + (count - 1) * stride < scalars.count else {
      fatalError("isBinary: the numbers lie outside.")
    }
    return scalars.withUnsafeBytes { bytes in
      bytes.baseAddress.map { Element._kind.areBinary($0, first, count, stride: stride) } ?? true
    }
  }
}

extension ElementKind {
  fileprivate func areBinary(
    _ base: UnsafeRawPointer, _ first: Int, _ count: Int, stride: Int = 1
  ) -> Bool {
    kl_is_binary(kernelType, base, Int64(first), Int64(count), Int64(stride)) != 0
  }
}
