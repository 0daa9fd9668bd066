// Rows in blocks, for kernels that are written in Swift: labels and predictions as Floats or Doubles,
// in place where that is what they are.

internal import CLossKernels

/// The number of elements of a block: four blocks of Doubles fit the first-level cache.
let blockSize = 1024

/// Elements per segment, of which a thread takes one after the other where a sample is a whole job by itself.
func segmentLength(_ elements: Int) -> Int {
  jobLength(elements, most: 1 << 17) / blockSize * blockSize
}

/// A type that blocks are computed in.
protocol BlockElement: LossScalar {}
extension Float: BlockElement {}
extension Double: BlockElement {}

/// Calls `body` with room for `count` blocks.
@inline(__always)
func withBlocks<Work: BlockElement, Result>(
  _ count: Int, of type: Work.Type, _ body: (UnsafeMutablePointer<Work>) -> Result
) -> Result {
  withUnsafeTemporaryAllocation(of: Work.self, capacity: count * blockSize) { buffer in
    guard let base = buffer.baseAddress else { fatalError("withBlocks: no room was asked for.") }
    return body(base)
  }
}

/// One sample's row of labels, predictions and derivatives.
///
/// It is made for every sample, so it holds nothing whose references are counted: that takes as long as a short row.
struct RowBlocks {
  private let labels: UnsafeRawPointer
  private let predictions: UnsafeRawPointer
  private let gradient: UnsafeMutableRawPointer?
  private let labelKind: ElementKind
  private let kind: ElementKind
  private let offset: Int
  private let stride: Int
  /// Where the elements lie; nil if that is at equal distances.
  private let pieces: UnsafePointer<SampleGeometry>?

  init(_ run: SampleRun, sample: Int) {
    self.init(
      run, offset: run.offset(ofSample: sample), stride: run.inner,
      pieces: run.pieces)
  }

  /// All samples of a run as one row, where each has one element.
  init(elementsOf run: SampleRun) { self.init(run, offset: 0, stride: 1, pieces: nil) }

  private init(_ run: SampleRun, offset: Int, stride: Int, pieces: UnsafePointer<SampleGeometry>?) {
    labels = run.labels
    predictions = run.predictions
    gradient = run.gradient
    labelKind = run.labelKind
    kind = run.kind
    self.offset = offset
    self.stride = stride
    self.pieces = pieces
  }

  /// The predictions of `classes`: where they lie, or in `buffer`.
  @inline(__always)
  func predictions<Work: BlockElement>(
    _ classes: Range<Int>, _ type: Work.Type, buffer: UnsafeMutablePointer<Work>
  ) -> UnsafePointer<Work> {
    read(predictions, kind, classes, buffer)
  }

  /// The labels of `classes`, as numbers of the predictions' type, times a slope plus an offset.
  @inline(__always)
  func labels<Work: BlockElement>(
    _ classes: Range<Int>, _ type: Work.Type, buffer: UnsafeMutablePointer<Work>,
    _ line: (slope: Double, offset: Double)
  ) -> UnsafePointer<Work> {
    let labels = read(self.labels, labelKind, classes, buffer)
    let isConverted = labelKind != kind && kind != Work._kind
    guard isConverted || line.slope != 1 || line.offset != 0 else { return labels }
    let (slope, offset) = (Work(line.slope), Work(line.offset))
    for index in 0..<classes.count {
      let y = isConverted ? kind.rounded(labels[index]) : labels[index]
      buffer[index] = y * slope + offset
    }
    return UnsafePointer(buffer)
  }

  /// Whether the labels of `classes` are 0 or 1.
  func areLabelsBinary(_ classes: Range<Int>) -> Bool {
    var areBinary = true
    forEachPiece(of: classes) { start, piece in
      areBinary =
        areBinary && labelKind.areBinary(labels, offset + start, piece.count, stride: stride)
    }
    return areBinary
  }

  /// Whether labels and predictions are read, and derivatives written, where they lie.
  func isInPlace<Work: BlockElement>(
    _ type: Work.Type, _ line: (slope: Double, offset: Double)
  ) -> Bool {
    isContiguous && kind == Work._kind && labelKind == kind && line.slope == 1 && line.offset == 0
  }

  /// Labels, predictions and derivatives of `classes`, which are of type `Work` and in place.
  func inPlace<Work: BlockElement>(
    _ classes: Range<Int>, _ type: Work.Type
  ) -> (UnsafePointer<Work>, UnsafePointer<Work>, UnsafeMutablePointer<Work>?) {
    let first = offset + classes.lowerBound
    return (
      labels.assumingMemoryBound(to: type) + first,
      predictions.assumingMemoryBound(to: type) + first,
      gradient.map { $0.assumingMemoryBound(to: type) + first }
    )
  }

  /// Where the derivatives of `classes` are to be written: where they belong, or in `buffer`; nil if none
  /// are wanted.
  @inline(__always)
  func gradientPlace<Work: BlockElement>(
    _ classes: Range<Int>, _ type: Work.Type, buffer: UnsafeMutablePointer<Work>
  ) -> UnsafeMutablePointer<Work>? {
    guard let base = gradient else { return nil }
    guard isContiguous, kind == Work._kind else { return buffer }
    return base.assumingMemoryBound(to: Work.self) + offset + classes.lowerBound
  }

  /// Brings the derivatives of a block from `buffer` to where they belong, if that is where they are.
  @inline(__always)
  func store<Work: BlockElement>(
    gradientOf block: ElementwiseBlock<Work>, _ classes: Range<Int>,
    ifIn buffer: UnsafeMutablePointer<Work>
  ) {
    if block.derivatives == buffer { store(gradient: buffer, classes) }
  }

  /// Brings the derivatives of `classes` to where they belong.
  func store<Work: BlockElement>(gradient: UnsafePointer<Work>, _ classes: Range<Int>) {
    guard let base = self.gradient else { return }
    forEachPiece(of: classes) { start, piece in
      let source = gradient + (piece.lowerBound - classes.lowerBound)
      if kind == Work._kind {
        let target = base.assumingMemoryBound(to: Work.self) + offset + start
        for index in 0..<piece.count {
          target[index * stride] = source[index].isNaN ? .nan : source[index]
        }
        return
      }
      for index in 0..<piece.count {
        kind.store(Double(source[index]), base, at: offset + start + index * stride)
      }
    }
  }

  /// Whether the elements lie one after the other.
  private var isContiguous: Bool { pieces == nil && stride == 1 }

  /// The elements in `range`, in pieces of equal distances: the offset of each piece's first element, and
  /// the numbers of its elements.
  @inline(__always)
  private func forEachPiece(of range: Range<Int>, _ body: (_ offset: Int, Range<Int>) -> Void) {
    guard let pieces else { return body(range.lowerBound * stride, range) }
    pieces.pointee.forEachPiece(of: range, body)
  }

  @inline(__always)
  private func read<Work: BlockElement>(
    _ base: UnsafeRawPointer, _ kind: ElementKind, _ classes: Range<Int>,
    _ buffer: UnsafeMutablePointer<Work>
  ) -> UnsafePointer<Work> {
    if isContiguous, kind == Work._kind {
      return base.assumingMemoryBound(to: Work.self) + offset + classes.lowerBound
    }
    forEachPiece(of: classes) { start, piece in
      kind.copy(
        base, offset + start, stride, piece.count,
        buffer + (piece.lowerBound - classes.lowerBound))
    }
    return UnsafePointer(buffer)
  }
}

extension SampleRun {
  /// Rounds losses once and stores them, from number `first` of the run on. They hold no NaN but the
  /// canonical one.
  func store(losses: UnsafePointer<Double>, from first: Int, count: Int) {
    guard kind == .float32 else {
      for index in 0..<count { kind.store(losses[index], lossesOfRun, at: first + index) }
      return
    }
    kl_block_narrow(losses, lossesOfRun.assumingMemoryBound(to: Float.self) + first, count)
  }

  /// Stores 0 for those of `samples` that are not kept.
  func storeZeros(_ samples: Range<Int>) {
    guard keepOfRun != nil else { return }
    for sample in samples where !isKept(sample) {
      store(loss: 0, of: sample)
      storeZeroGradient(of: sample)
    }
  }

  /// Stores 0 for a whole sample.
  func storeZeroGradient(of sample: Int) {
    guard let gradient else { return }
    let (offset, stride) = (self.offset(ofSample: sample), inner)
    geometry.pointee.forEachPiece(of: 0..<classes) { start, piece in
      if stride == 1 { return storeZeros(piece.count, gradient, at: offset + start) }
      for index in 0..<piece.count {
        kind.store(0, gradient, at: offset + start + index * stride)
      }
    }
  }

  /// Stores 0 for all samples of the run, which are rows along the last axis.
  func storeZeroGradients() {
    guard let gradient else { return }
    // The caches would keep little of a gradient that is larger than they are.
    if geometry.pointee.sampleCount * classes * kind.width >= 1 << 24 {
      let width = classes * kind.width
      kl_memory_clear(gradient + samples.lowerBound * width, samples.count * width)
    } else {
      storeZeros(samples.count * classes, gradient, at: samples.lowerBound * classes)
    }
  }

  /// 0 is a zero of bits in every type.
  private func storeZeros(_ count: Int, _ base: UnsafeMutableRawPointer, at first: Int) {
    (base + first * kind.width).initializeMemory(
      as: UInt8.self, repeating: 0, count: count * kind.width)
  }
}

extension ElementKind {
  /// Copies elements `first + i · stride`, each rounded once to `Work`.
  func copy<Work: BlockElement>(
    _ base: UnsafeRawPointer, _ first: Int, _ stride: Int, _ count: Int,
    _ target: UnsafeMutablePointer<Work>
  ) {
    func copy<Element>(_ type: Element.Type, _ convert: (Element) -> Work) {
      let source = base.assumingMemoryBound(to: type) + first
      for index in 0..<count { target[index] = convert(source[index * stride]) }
    }
    switch self {
    case .float32: copy(Float.self) { Work($0) }
    case .float64: copy(Double.self) { Work($0) }
    case .float16:
      #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        copy(Float16.self) { Work($0) }
      #endif
    case .int8: copy(Int8.self) { Work($0) }
    case .int16: copy(Int16.self) { Work($0) }
    case .int32: copy(Int32.self) { Work($0) }
    case .int64: copy(Int64.self) { Work($0) }
    case .uint8: copy(UInt8.self) { Work($0) }
    case .uint16: copy(UInt16.self) { Work($0) }
    case .uint32: copy(UInt32.self) { Work($0) }
    case .uint64: copy(UInt64.self) { Work($0) }
    case .bool: copy(Bool.self) { $0 ? 1 : 0 }
    }
  }

  /// A number rounded to this floating-point type.
  func rounded<Work: BlockElement>(_ value: Work) -> Work {
    switch self {
    case .float32: return Work(Float(value))
    case .float16:
      #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        return Work(Float16(value))
      #else
        return value
      #endif
    default: return value
    }
  }
}
