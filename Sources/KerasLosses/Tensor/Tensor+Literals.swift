// Tensors as literals: `[[0, 1, 0], [0, 0, 1]]`, `[0.3, 0.7]`, `2`.

/// A part of a tensor literal: a scalar, or rows that are themselves parts.
///
/// Why a type of its own: were `Tensor` the element of its own array literal, every inner row would
/// become a tensor first, and a scalar inside `[0.3, 0.7]` a tensor of rank 0. It appears in no
/// signature that you call; write the literal and name the tensor's type once.
public struct TensorLiteral<Element: TensorElement>: Sendable {
  private indirect enum Node: Sendable {
    case scalar(Element)
    case rows([TensorLiteral])
  }

  private let node: Node

  fileprivate static func scalar(_ value: Element) -> TensorLiteral {
    TensorLiteral(node: .scalar(value))
  }

  fileprivate static func rows(_ rows: [TensorLiteral]) -> TensorLiteral {
    TensorLiteral(node: .rows(rows))
  }

  fileprivate func flatten(
    into scalars: inout [Element], path: [Int]
  ) throws(LossError) -> [Int] {
    switch node {
    case .scalar(let value):
      scalars.append(value)
      return []
    case .rows(let rows):
      guard let first = rows.first else { return [0] }
      let rowShape = try first.flatten(into: &scalars, path: path + [0])
      for (index, row) in rows.enumerated().dropFirst() {
        let shape = try row.flatten(into: &scalars, path: path + [index])
        guard shape == rowShape else { throw raggedError(path + [index], shape, rowShape) }
      }
      return [rows.count] + rowShape
    }
  }
}

extension TensorLiteral: ExpressibleByArrayLiteral {
  /// Rows.
  public init(arrayLiteral elements: TensorLiteral...) { self = .rows(elements) }
}

extension TensorLiteral: ExpressibleByIntegerLiteral
where Element: ExpressibleByIntegerLiteral {
  /// A scalar.
  public init(integerLiteral value: Element.IntegerLiteralType) {
    self = .scalar(Element(integerLiteral: value))
  }
}

extension TensorLiteral: ExpressibleByFloatLiteral where Element: ExpressibleByFloatLiteral {
  /// A scalar.
  public init(floatLiteral value: Element.FloatLiteralType) {
    self = .scalar(Element(floatLiteral: value))
  }
}

extension TensorLiteral: ExpressibleByBooleanLiteral
where Element: ExpressibleByBooleanLiteral {
  /// A scalar.
  public init(booleanLiteral value: Element.BooleanLiteralType) {
    self = .scalar(Element(booleanLiteral: value))
  }
}

extension TensorLiteral where Element: LossScalar {
  /// Not a number, inside a literal: `[[0, .nan]]`.
  public static var nan: TensorLiteral { .scalar(.nan) }

  /// Positive infinity, inside a literal.
  public static var infinity: TensorLiteral { .scalar(.infinity) }

  /// Negative infinity, inside a literal: the logit of an impossible class.
  public static var negativeInfinity: TensorLiteral { .scalar(-.infinity) }
}

extension Tensor: ExpressibleByArrayLiteral {
  /// A tensor from a literal of any nesting. Traps if the rows differ in shape.
  public init(arrayLiteral elements: TensorLiteral<Element>...) {
    self = trapping { () throws(LossError) in
      var scalars: [Element] = []
      let shape = try TensorLiteral.rows(elements).flatten(into: &scalars, path: [])
      return Tensor(unchecked: shape, scalars: scalars)
    }
  }
}

extension Tensor: ExpressibleByIntegerLiteral where Element: ExpressibleByIntegerLiteral {
  /// A tensor of shape `[]`.
  public init(integerLiteral value: Element.IntegerLiteralType) {
    self.init(Element(integerLiteral: value))
  }
}

extension Tensor: ExpressibleByFloatLiteral where Element: ExpressibleByFloatLiteral {
  /// A tensor of shape `[]`.
  public init(floatLiteral value: Element.FloatLiteralType) {
    self.init(Element(floatLiteral: value))
  }
}

extension Tensor: ExpressibleByBooleanLiteral where Element: ExpressibleByBooleanLiteral {
  /// A tensor of shape `[]`.
  public init(booleanLiteral value: Element.BooleanLiteralType) {
    self.init(Element(booleanLiteral: value))
  }
}
