extension Tensor: CustomStringConvertible, CustomDebugStringConvertible {
  /// The scalars, nested as the shape nests them, one innermost row per line.
  ///
  /// `0.5`, `[0.3, 0.7]`,
  /// ```
  /// [[0.0, 1.0],
  ///  [1.0, 0.0]]
  /// ```
  /// A tensor of more than 1000 elements shows the first and last three of each axis.
  public var description: String {
    render(axis: 0, offset: 0, elides: scalars.count > 1000)
  }

  /// The type, the shape and the scalars: `Tensor<Float>(shape: [2], [0.3, 0.7])`.
  public var debugDescription: String {
    "Tensor<\(Element.self)>(shape: \(shape), \(description))"
  }

  private func render(axis: Int, offset: Int, elides: Bool) -> String {
    guard axis < rank else { return "\(scalars[offset])" }
    let size = shape[axis]
    let stride = shape[(axis + 1)...].reduce(1, *)
    let shown = elides && size > 6 ? [0, 1, 2, -1, size - 3, size - 2, size - 1] : Array(0..<size)
    let rows = shown.map {
      $0 < 0 ? "…" : render(axis: axis + 1, offset: offset + $0 * stride, elides: elides)
    }
    let isInnermost = axis == rank - 1
    let separator =
      isInnermost
      ? ", "
      : "," + String(repeating: "\n", count: rank - 1 - axis)
        + String(repeating: " ", count: axis + 1)
    return "[" + rows.joined(separator: separator) + "]"
  }
}
