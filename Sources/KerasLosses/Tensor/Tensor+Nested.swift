// Tensors from nested arrays: one initializer for any depth.

/// What the rows of a nested array may be: scalars, or arrays of rows.
///
/// Conformances are closed: every ``TensorElement``, and `Array` over them.
public protocol TensorNesting {
  /// The scalar at the bottom of the nesting.
  associatedtype Leaf: TensorElement
  /// The number of array levels of the type, 0 for a scalar.
  static var _depth: Int { get }
  /// Appends the scalars below and returns the shape, or throws if rows differ.
  func _flatten(into scalars: inout [Leaf], path: [Int]) throws(LossError) -> [Int]
}

extension Array: TensorNesting where Element: TensorNesting {
  /// The scalar at the bottom of the nesting.
  public typealias Leaf = Element.Leaf
  /// One level more than the rows have.
  public static var _depth: Int { Element._depth + 1 }

  /// Appends the scalars of all rows; every row must have the shape of the first.
  public func _flatten(into scalars: inout [Leaf], path: [Int]) throws(LossError) -> [Int] {
    guard let first else { return [Int](repeating: 0, count: Self._depth) }
    let rowShape = try first._flatten(into: &scalars, path: path + [0])
    for index in indices.dropFirst() {
      let shape = try self[index]._flatten(into: &scalars, path: path + [index])
      guard shape == rowShape else { throw raggedError(path + [index], shape, rowShape) }
    }
    return [count] + rowShape
  }
}

/// The error for a row whose shape differs from that of the first row.
func raggedError(_ path: [Int], _ shape: [Int], _ firstShape: [Int]) -> LossError {
  LossError(
    .shape, "nested",
    "every row must have the shape of the first; row \(path) has shape \(shape), the first "
      + "\(firstShape).")
}

extension Tensor {
  /// A tensor of shape `[]`.
  public init(_ scalar: Element) {
    self.init(unchecked: [], scalars: [scalar])
  }

  /// A tensor of shape `[nested.count]` over the array itself, which is not copied.
  public init(_ nested: [Element]) {
    self.init(unchecked: [nested.count], scalars: nested)
  }

  /// A tensor from arrays nested to any depth. Traps if the rows differ in shape.
  ///
  /// An empty array stands for a size of 0 on its axis and on those below it.
  public init<Row: TensorNesting>(_ nested: [[Row]]) where Row.Leaf == Element {
    self = trapping { () throws(LossError) in try Tensor(validating: nested) }
  }

  /// A tensor from arrays nested to any depth.
  ///
  /// Throws a ``LossError`` with code ``LossError/Code/shape`` that names the first row whose shape
  /// differs.
  public init<Row: TensorNesting>(validating nested: [[Row]]) throws(LossError)
  where Row.Leaf == Element {
    var scalars: [Element] = []
    let shape = try nested._flatten(into: &scalars, path: [])
    self.init(unchecked: shape, scalars: scalars)
  }
}
