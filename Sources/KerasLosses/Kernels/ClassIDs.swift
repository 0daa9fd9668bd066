/// What the labels of a classification are.
package enum LabelEncoding: Sendable, Equatable {
  /// One number per class.
  case dense
  /// One class id per sample. Samples whose id is the ignored one are left out.
  case classIDs(ignored: Int?)
}

extension ElementKind {
  /// The elements in `range` as class ids; the least integer stands for what is no integer, or one that
  /// no class can have.
  func classIDs(_ base: UnsafeRawPointer, in range: Range<Int>) -> [Int64] {
    // Concrete types: what is generic runs many times slower.
    switch self {
    case .int32: return base.ids(Int32.self, range) { Int64($0) }
    case .int64: return base.ids(Int64.self, range) { $0 }
    case .int8: return base.ids(Int8.self, range) { Int64($0) }
    case .int16: return base.ids(Int16.self, range) { Int64($0) }
    case .uint8: return base.ids(UInt8.self, range) { Int64($0) }
    case .uint16: return base.ids(UInt16.self, range) { Int64($0) }
    case .uint32: return base.ids(UInt32.self, range) { Int64($0) }
    case .uint64: return base.ids(UInt64.self, range) { Int64(exactly: $0) ?? .min }
    case .float32: return base.ids(Float.self, range) { Int64(exactly: $0) ?? .min }
    case .float64: return base.ids(Double.self, range) { Int64(exactly: $0) ?? .min }
    case .float16:
      #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        return base.ids(Float16.self, range) { Int64(exactly: $0) ?? .min }
      #else
        return []
      #endif
    case .bool: return base.ids(Bool.self, range) { $0 ? 1 : 0 }
    }
  }
}

extension UnsafeRawPointer {
  @inline(__always)
  fileprivate func ids<Element>(
    _ type: Element.Type, _ range: Range<Int>, _ convert: (Element) -> Int64
  ) -> [Int64] {
    let elements = assumingMemoryBound(to: type)
    return range.map { convert(elements[$0]) }
  }
}

extension SampleRun {
  /// The class ids of the run, 0 for samples that are not kept. They have been checked.
  func classIDs() -> [Int64] {
    var ids = labelKind.classIDs(labels, in: samples)
    guard let keep = keepOfRun else { return ids }
    for index in ids.indices where !keep[index] { ids[index] = 0 }
    return ids
  }
}

/// The class ids of a call's labels: which samples they leave out, and whether they name classes.
struct ClassIDs<Label: TensorElement> {
  let labels: Tensor<Label>
  let classes: Int
  let ignored: Int?

  /// Which samples take part: those that `mask` keeps and whose id is not the ignored one.
  func keep(in range: Range<Int>, mask: [Bool]?) -> [Bool]? {
    guard let ignored else { return mask }
    let ids = ids(in: range)
    guard let mask else { return ids.map { $0 != Int64(ignored) } }
    return zip(ids, mask).map { $0 != Int64(ignored) && $1 }
  }

  /// The first sample in `range` whose id names no class; ids of samples that are left out are not
  /// looked at.
  func firstInvalid(in range: Range<Int>, mask: [Bool]?) -> Int? {
    let ids = ids(in: range)
    let count = Int64(classes)
    guard let keep = keep(in: range, mask: mask) else {
      return ids.firstIndex { $0 < 0 || $0 >= count }.map { range.lowerBound + $0 }
    }
    return ids.indices.first { keep[$0] && (ids[$0] < 0 || ids[$0] >= count) }
      .map { range.lowerBound + $0 }
  }

  private func ids(in range: Range<Int>) -> [Int64] {
    labels.scalars.withUnsafeBytes { bytes in
      bytes.baseAddress.map { Label._kind.classIDs($0, in: range) } ?? []
    }
  }
}
