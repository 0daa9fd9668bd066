internal import CLossKernels

/// Samples that are neighbours in memory, element by element, as the classes of a tensor are that has them last: a
/// matrix whose columns are the samples.
struct ColumnBlocks {
  /// The first sample's number within the run.
  let first: Int
  /// The number of samples.
  let count: Int
  private let run: SampleRun
  private let offset: Int

  /// All samples of a run whose elements do not lie next to each other, in groups.
  static func groups(_ run: SampleRun) -> [ColumnBlocks] {
    var groups: [ColumnBlocks] = []
    let offsets = run.samples.map { run.offset(ofSample: $0) }
    var first = 0
    for index in offsets.indices.dropFirst() {
      if index - first < Int(KL_MOST_COLUMNS), offsets[index] == offsets[index - 1] + 1 { continue }
      groups.append(
        ColumnBlocks(first: first, count: index - first, run: run, offset: offsets[first]))
      first = index
    }
    if first < offsets.count {
      groups.append(
        ColumnBlocks(first: first, count: offsets.count - first, run: run, offset: offsets[first]))
    }
    return groups
  }

  /// Numbers of a block: those of element e and sample s at e · stride + s.
  struct Matrix<Work> {
    let base: UnsafePointer<Work>
    let stride: Int
  }

  /// The predictions of some elements: where they lie, or in `buffer`.
  func predictions<Work: BlockElement>(
    _ block: Range<Int>, _ buffer: UnsafeMutablePointer<Work>
  ) -> Matrix<Work> {
    read(run.predictions, run.kind, block, buffer)
  }

  /// The labels of some elements, as numbers of the predictions' type.
  func labels<Work: BlockElement>(
    _ block: Range<Int>, _ buffer: UnsafeMutablePointer<Work>
  ) -> Matrix<Work> {
    let labels = read(run.labels, run.labelKind, block, buffer)
    guard run.labelKind != run.kind, run.kind != Work._kind else { return labels }
    for index in 0..<block.count * count { buffer[index] = run.kind.rounded(buffer[index]) }
    return labels
  }

  /// Calls `body` with the place of the derivatives of some elements and the distance between elements there: where
  /// they belong, or `buffer`, from where they are then brought to it.
  func withGradient<Work: BlockElement>(
    _ block: Range<Int>, _ buffer: UnsafeMutablePointer<Work>,
    _ body: (UnsafeMutablePointer<Work>, Int) -> Void
  ) {
    guard let base = run.gradient else { return }
    if run.geometry.pointee.isBlock, run.kind == Work._kind {
      return body(base.assumingMemoryBound(to: Work.self) + place(block.lowerBound), inner)
    }
    body(buffer, count)
    forEachElement(of: block) { number, place in
      for index in 0..<count {
        run.kind.store(Double(buffer[number * count + index]), base, at: place + index)
      }
    }
  }

  private var inner: Int { run.inner }

  /// Where element `element` of the first sample lies, if the elements lie at equal distances.
  private func place(_ element: Int) -> Int { offset + element * inner }

  /// For each element its number in the block, and where it lies.
  private func forEachElement(of block: Range<Int>, _ body: (_ number: Int, _ place: Int) -> Void) {
    run.geometry.pointee.forEachPiece(of: block) { start, piece in
      for index in 0..<piece.count {
        body(piece.lowerBound - block.lowerBound + index, offset + start + index * inner)
      }
    }
  }

  private func read<Work: BlockElement>(
    _ base: UnsafeRawPointer, _ kind: ElementKind, _ block: Range<Int>,
    _ buffer: UnsafeMutablePointer<Work>
  ) -> Matrix<Work> {
    if run.geometry.pointee.isBlock {
      let first = place(block.lowerBound)
      if kind == Work._kind {
        return Matrix(base: base.assumingMemoryBound(to: Work.self) + first, stride: inner)
      }
      if count == inner {
        kind.copy(base, first, 1, block.count * count, buffer)
        return Matrix(base: buffer, stride: count)
      }
    }
    forEachElement(of: block) { number, place in
      kind.copy(base, place, 1, count, buffer + number * count)
    }
    return Matrix(base: buffer, stride: count)
  }
}
