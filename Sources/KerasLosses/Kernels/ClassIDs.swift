/// What the labels are.
package enum LabelEncoding: Sendable, Equatable {
  /// One number per prediction.
  case dense
  /// One class id per sample. Samples whose id is the ignored one are left out.
  case classIDs(ignored: Int?)
  /// Several class ids per sample.
  case classSequences
  /// One integer per sample, any one.
  case identities
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
    let elements = assumingMemoryBound(to: type) + range.lowerBound
    return [Int64](unsafeUninitializedCapacity: range.count) { ids, count in
      for index in 0..<range.count { ids[index] = convert(elements[index]) }
      count = range.count
    }
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

/// The integers of a call's labels: which samples they leave out, and whether they are what they should be.
struct ClassIDs<Label: TensorElement>: Sendable {
  private let labels: Tensor<Label>
  /// The number of labels of each sample.
  private let perSample: Int
  /// Ids lie in 0 ..< this; nil where any integer will do.
  private let classes: Int?
  private let ignored: Int?

  /// Nil where labels are numbers.
  init?(_ labels: Tensor<Label>, _ encoding: LabelEncoding, _ geometry: SampleGeometry) {
    self.labels = labels
    perSample = geometry.labels.elements
    switch encoding {
    case .dense: return nil
    case .classIDs(let ignored):
      (classes, self.ignored) = (geometry.classes, ignored)
    case .classSequences:
      (classes, ignored) = (geometry.predictions.sampleShape.last, nil)
    case .identities: (classes, ignored) = (nil, nil)
    }
  }

  /// Whether samples can be left out without a mask.
  var leavesSamplesOut: Bool { ignored != nil }

  /// Which samples take part: those that `mask` keeps and whose id is not the ignored one.
  func keep(in range: Range<Int>, mask: [Bool]?) -> [Bool]? {
    guard let ignored else { return mask }
    let ids = ids(of: range)
    guard let mask else { return ids.map { $0 != Int64(ignored) } }
    return zip(ids, mask).map { $0 != Int64(ignored) && $1 }
  }

  /// The first sample in `range` one of whose ids is none, and that label; ids of samples that are left out
  /// are not looked at.
  func firstInvalid(in range: Range<Int>, mask: [Bool]?) -> (sample: Int, label: Label)? {
    let ids = ids(of: range)
    guard areSuspect(ids) else { return nil }
    let keep = keep(in: range, mask: mask)
    let index = ids.indices.first {
      !isValid(ids[$0]) && keep?[$0 / perSample] ?? true
    }
    return index.map {
      (range.lowerBound + $0 / perSample, labels.scalars[range.lowerBound * perSample + $0])
    }
  }

  /// What ids must be.
  var rule: String {
    classes.map { "class ids must be integers in 0..<\($0)" }
      ?? "must be integers of at most 64 bits"
  }

  /// The least integer stands for what is none.
  private func isValid(_ id: Int64) -> Bool {
    guard let classes else { return id != .min }
    return UInt64(bitPattern: id) < UInt64(classes)
  }

  /// Whether one of the ids may be none. Nearly always none is, and this takes no branches and several at once.
  private func areSuspect(_ ids: [Int64]) -> Bool {
    guard let classes, classes > 0 else { return true }
    // Of an id and its distance from the last one, one is negative if it is none.
    let last = Int64(classes - 1)
    return ids.reduce(0, { $0 | $1 | (last &- $1) }) < 0
  }

  /// The ids of the samples in `range`.
  func ids(of range: Range<Int>) -> [Int64] {
    let range = range.lowerBound * perSample..<range.upperBound * perSample
    return labels.scalars.withUnsafeBytes { bytes in
      bytes.baseAddress.map { Label._kind.classIDs($0, in: range) } ?? []
    }
  }
}
