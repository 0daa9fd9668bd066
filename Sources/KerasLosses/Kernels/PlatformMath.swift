// The elementary functions, from the platform's C library: the only file that imports it.

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

package enum PlatformMath {
  package static func exp(_ x: Double) -> Double { _exp(x) }
  package static func log(_ x: Double) -> Double { _log(x) }
  package static func log1p(_ x: Double) -> Double { _log1p(x) }
  package static func expm1(_ x: Double) -> Double { _expm1(x) }
  package static func tanh(_ x: Double) -> Double { _tanh(x) }
  package static func pow(_ x: Double, _ y: Double) -> Double { _pow(x, y) }
}

// Inside the enum the names above hide the library's.
private func _exp(_ x: Double) -> Double { exp(x) }
private func _log(_ x: Double) -> Double { log(x) }
private func _log1p(_ x: Double) -> Double { log1p(x) }
private func _expm1(_ x: Double) -> Double { expm1(x) }
private func _tanh(_ x: Double) -> Double { tanh(x) }
private func _pow(_ x: Double, _ y: Double) -> Double { pow(x, y) }

// Narrower types go through Double: rounding a Double result to 24 bits or fewer is wrong in at most
// one case in 2²⁹, so these are correctly rounded but for that.
extension LossScalar {
  /// eˣ.
  public static func exp(_ x: Self) -> Self { Self(PlatformMath.exp(Double(x))) }
  /// The natural logarithm; −inf at 0, NaN below.
  public static func log(_ x: Self) -> Self { Self(PlatformMath.log(Double(x))) }
  /// ln(1 + x), accurate near 0.
  public static func log1p(_ x: Self) -> Self { Self(PlatformMath.log1p(Double(x))) }
  /// eˣ − 1, accurate near 0.
  public static func expm1(_ x: Self) -> Self { Self(PlatformMath.expm1(Double(x))) }
  /// The hyperbolic tangent.
  public static func tanh(_ x: Self) -> Self { Self(PlatformMath.tanh(Double(x))) }
  /// x to the power y, as C defines it.
  public static func pow(_ x: Self, _ y: Self) -> Self {
    Self(PlatformMath.pow(Double(x), Double(y)))
  }
}
