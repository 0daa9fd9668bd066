/// A type that a ``Tensor`` can hold.
///
/// Conformances are closed: `Float`, `Double`, `Float16` where the platform has it, the fixed-width
/// integers, `Int`, and `Bool`. Requirements with a leading underscore are not for callers.
public protocol TensorElement: TensorNesting, Sendable, Hashable where Leaf == Self {
  /// This element as another type; see ``Tensor/init(converting:)`` for the rules.
  func _converted<Target: TensorElement>() -> Target
  /// The nearest element to an integer.
  static func _from(integer value: some BinaryInteger) -> Self
  /// The nearest element to a number.
  static func _from(number value: some BinaryFloatingPoint) -> Self
  /// How this type is stored.
  static var _kind: ElementKind { get }
}

/// A floating-point type in which losses are computed: `Float`, `Double`, `Float16`.
///
/// The static functions are the package's own kernels, for losses that you write yourself.
public protocol LossScalar: TensorElement, BinaryFloatingPoint, LosslessStringConvertible
where FloatLiteralType: BinaryFloatingPoint {
  /// eˣ.
  static func exp(_ x: Self) -> Self
  /// The natural logarithm; −inf at 0, NaN below.
  static func log(_ x: Self) -> Self
  /// ln(1 + x), accurate near 0.
  static func log1p(_ x: Self) -> Self
  /// eˣ − 1, accurate near 0.
  static func expm1(_ x: Self) -> Self
  /// The hyperbolic tangent.
  static func tanh(_ x: Self) -> Self
  /// x to the power y, as C defines it.
  static func pow(_ x: Self, _ y: Self) -> Self
}

extension TensorElement {
  /// A scalar is no array.
  public static var _depth: Int { 0 }

  /// Appends itself: the bottom of a nesting.
  public func _flatten(into scalars: inout [Self], path: [Int]) throws(LossError) -> [Int] {
    scalars.append(self)
    return []
  }
}

extension TensorElement where Self: FixedWidthInteger {
  /// This integer as another type.
  public func _converted<Target: TensorElement>() -> Target { Target._from(integer: self) }

  /// The same integer; traps outside the range.
  public static func _from(integer value: some BinaryInteger) -> Self {
    guard let result = Self(exactly: value) else {
      fatalError("converting: \(value) lies outside the range of \(Self.self).")
    }
    return result
  }

  /// The number truncated toward zero; traps outside the range.
  public static func _from(number value: some BinaryFloatingPoint) -> Self {
    guard value.isFinite, let result = Self(exactly: value.rounded(.towardZero)) else {
      fatalError("converting: \(value) lies outside the range of \(Self.self).")
    }
    return result
  }
}

extension TensorElement where Self: LossScalar {
  /// This number as another type.
  public func _converted<Target: TensorElement>() -> Target { Target._from(number: self) }

  /// The nearest number.
  public static func _from(integer value: some BinaryInteger) -> Self { Self(value) }

  /// The nearest number.
  public static func _from(number value: some BinaryFloatingPoint) -> Self { Self(value) }
}

extension Int: TensorElement {
  /// How this type is stored.
  public static var _kind: ElementKind { .int64 }
}

extension Int8: TensorElement {
  /// How this type is stored.
  public static var _kind: ElementKind { .int8 }
}

extension Int16: TensorElement {
  /// How this type is stored.
  public static var _kind: ElementKind { .int16 }
}

extension Int32: TensorElement {
  /// How this type is stored.
  public static var _kind: ElementKind { .int32 }
}

extension Int64: TensorElement {
  /// How this type is stored.
  public static var _kind: ElementKind { .int64 }
}

extension UInt8: TensorElement {
  /// How this type is stored.
  public static var _kind: ElementKind { .uint8 }
}

extension UInt16: TensorElement {
  /// How this type is stored.
  public static var _kind: ElementKind { .uint16 }
}

extension UInt32: TensorElement {
  /// How this type is stored.
  public static var _kind: ElementKind { .uint32 }
}

extension UInt64: TensorElement {
  /// How this type is stored.
  public static var _kind: ElementKind { .uint64 }
}

extension Bool: TensorElement {
  /// How this type is stored.
  public static var _kind: ElementKind { .bool }

  /// 1 or 0.
  public func _converted<Target: TensorElement>() -> Target {
    Target._from(integer: self ? 1 : 0)
  }

  /// Whether the integer is not 0.
  public static func _from(integer value: some BinaryInteger) -> Bool { value != 0 }

  /// Whether the number is not 0.
  public static func _from(number value: some BinaryFloatingPoint) -> Bool { value != 0 }
}

extension Float: LossScalar {
  /// How this type is stored.
  public static var _kind: ElementKind { .float32 }
}

extension Double: LossScalar {
  /// How this type is stored.
  public static var _kind: ElementKind { .float64 }
}

// macOS on Intel has no Float16; everywhere else it is an ordinary scalar.
#if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
  extension Float16: LossScalar {
    /// How this type is stored.
    public static var _kind: ElementKind { .float16 }
  }

#endif
