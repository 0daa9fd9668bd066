/// A row-major array of any rank: a shape and its scalars.
///
/// The last axis varies fastest: element `[i, j, k]` of a tensor of shape `[I, J, K]` is
/// `scalars[(i * J + j) * K + k]`. Rank 0 is a single scalar of shape `[]`. A tensor is a value: copies
/// share storage until one of them is written to.
///
/// Tensors can be written as literals of any nesting, and made from nested arrays:
///
/// ```swift
/// let labels: Tensor<Float> = [[0, 1, 0], [0, 0, 1]]
/// let weight: Tensor<Float> = 2
/// let logits = Tensor([[a, b, c], [d, e, f]])
/// ```
///
/// This is an interchange type for losses, not an array library: it has no arithmetic.
public struct Tensor<Element: TensorElement>: Sendable, Equatable {
  /// The size of each axis, outermost first.
  public let shape: [Int]
  /// The elements in row-major order.
  public package(set) var scalars: [Element]

  /// The number of axes.
  public var rank: Int { shape.count }

  /// A tensor over `scalars`, which are not copied.
  ///
  /// Traps with the text of the ``LossError`` that ``init(validating:scalars:)`` throws.
  public init(shape: [Int], scalars: [Element]) {
    self = trapping { () throws(LossError) in try Tensor(validating: shape, scalars: scalars) }
  }

  /// A tensor over `scalars`, which are not copied.
  ///
  /// Throws a ``LossError`` with code ``LossError/Code/shape`` if a size is negative, if the number
  /// of elements overflows an `Int`, or if it is not the number of scalars.
  public init(validating shape: [Int], scalars: [Element]) throws(LossError) {
    let count = try elementCount(of: shape)
    guard count == scalars.count else {
      throw LossError(
        .shape, "shape", "\(shape) holds \(count) elements; got \(scalars.count) scalars.")
    }
    self.init(unchecked: shape, scalars: scalars)
  }

  /// A tensor whose shape is known to describe its scalars.
  package init(unchecked shape: [Int], scalars: [Element]) {
    self.shape = shape
    self.scalars = scalars
  }

  /// The elements of `other` converted to `Element`.
  ///
  /// Numbers are rounded to nearest, ties to even, when `Element` is a floating-point type. To an
  /// integer type, floating-point numbers are truncated toward zero; a number outside its range
  /// (or NaN) traps. `true` is 1 and every non-zero number, NaN included, is `true`.
  public init<Other: TensorElement>(converting other: Tensor<Other>) {
    if let same = other as? Tensor<Element> {
      self = same
    } else {
      self.init(unchecked: other.shape, scalars: other.scalars.map { $0._converted() })
    }
  }

  /// The same scalars, in the same order, under another shape.
  ///
  /// Traps if `shape` does not hold exactly as many elements.
  public func reshaped(to shape: [Int]) -> Tensor {
    Tensor(shape: shape, scalars: scalars)
  }

  /// The only element. Traps unless there is exactly one.
  public var item: Element {
    guard scalars.count == 1 else {
      fatalError("item: needs a tensor of exactly one element; this one has shape \(shape).")
    }
    return scalars[0]
  }

  /// The element at `index`, one number per axis. Traps if there are more or fewer, or if one lies
  /// outside its axis.
  public subscript(_ index: Int...) -> Element {
    get { scalars[offset(of: index)] }
    set { scalars[offset(of: index)] = newValue }
  }

  private func offset(of index: [Int]) -> Int {
    guard index.count == rank, zip(index, shape).allSatisfy({ $0 >= 0 && $0 < $1 }) else {
      fatalError("index: \(index) names no element of a tensor of shape \(shape).")
    }
    return zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }
}
