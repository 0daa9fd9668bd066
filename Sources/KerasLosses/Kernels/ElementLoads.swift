// Widening of strided elements to Double, compiled once per element type.

extension TensorElement where Self: FixedWidthInteger {
  /// Rounds to nearest where the integer has more than 53 bits.
  public static func _widen(
    _ source: UnsafePointer<Self>, stride: Int, count: Int,
    into target: UnsafeMutablePointer<Double>
  ) {
    for index in 0..<count { target[index] = Double(source[index * stride]) }
  }
}

extension TensorElement where Self: LossScalar {
  /// Exact.
  public static func _widen(
    _ source: UnsafePointer<Self>, stride: Int, count: Int,
    into target: UnsafeMutablePointer<Double>
  ) {
    for index in 0..<count { target[index] = Double(source[index * stride]) }
  }
}

extension Bool {
  /// 1 or 0.
  public static func _widen(
    _ source: UnsafePointer<Bool>, stride: Int, count: Int,
    into target: UnsafeMutablePointer<Double>
  ) {
    for index in 0..<count { target[index] = source[index * stride] ? 1 : 0 }
  }
}
