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
    func look<Element: Equatable>(_ type: Element.Type, _ zero: Element, _ one: Element) -> Bool {
      let numbers = base.assumingMemoryBound(to: type) + first
      // Without branches, so that many are looked at in one instruction.
      var others: Int32 = 0
      for index in 0..<count {
        let number = numbers[stride == 1 ? index : index * stride]
        others |= (number == zero ? 1 : 0) ^ (number == one ? 1 : 0) ^ 1
      }
      return others == 0
    }
    switch self {
    case .float32: return look(Float.self, 0, 1)
    case .float64: return look(Double.self, 0, 1)
    case .float16:
      #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        return look(Float16.self, 0, 1)
      #else
        return false
      #endif
    case .int8: return look(Int8.self, 0, 1)
    case .int16: return look(Int16.self, 0, 1)
    case .int32: return look(Int32.self, 0, 1)
    case .int64: return look(Int64.self, 0, 1)
    case .uint8: return look(UInt8.self, 0, 1)
    case .uint16: return look(UInt16.self, 0, 1)
    case .uint32: return look(UInt32.self, 0, 1)
    case .uint64: return look(UInt64.self, 0, 1)
    case .bool: return true
    }
  }
}
