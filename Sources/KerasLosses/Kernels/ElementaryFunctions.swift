internal import CLossKernels

// The elementary functions of a scalar: the block functions of the C kernels on one number, to the same
// bits on every machine.

extension Float {
  /// eˣ.
  public static func exp(_ x: Float) -> Float { kl_exp_f32(x) }
  /// The natural logarithm; −inf at 0, NaN below.
  public static func log(_ x: Float) -> Float { kl_log_f32(x) }
  /// ln(1 + x), accurate near 0.
  public static func log1p(_ x: Float) -> Float { kl_log1p_f32(x) }
  /// eˣ − 1, accurate near 0.
  public static func expm1(_ x: Float) -> Float { kl_expm1_f32(x) }
  /// The hyperbolic tangent.
  public static func tanh(_ x: Float) -> Float { kl_tanh_f32(x) }
  /// x to the power y, as C defines it.
  public static func pow(_ x: Float, _ y: Float) -> Float { kl_pow_f32(x, y) }
}

extension Double {
  /// eˣ.
  public static func exp(_ x: Double) -> Double { kl_exp_f64(x) }
  /// The natural logarithm; −inf at 0, NaN below.
  public static func log(_ x: Double) -> Double { kl_log_f64(x) }
  /// ln(1 + x), accurate near 0.
  public static func log1p(_ x: Double) -> Double { kl_log1p_f64(x) }
  /// eˣ − 1, accurate near 0.
  public static func expm1(_ x: Double) -> Double { kl_expm1_f64(x) }
  /// The hyperbolic tangent.
  public static func tanh(_ x: Double) -> Double { kl_tanh_f64(x) }
  /// x to the power y, as C defines it.
  public static func pow(_ x: Double, _ y: Double) -> Double { kl_pow_f64(x, y) }
}

// Half the digits of a Float are more than a Float16 needs: computed there and rounded.
#if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
  extension Float16 {
    /// eˣ.
    public static func exp(_ x: Float16) -> Float16 { Float16(kl_exp_f32(Float(x))) }
    /// The natural logarithm; −inf at 0, NaN below.
    public static func log(_ x: Float16) -> Float16 { Float16(kl_log_f32(Float(x))) }
    /// ln(1 + x), accurate near 0.
    public static func log1p(_ x: Float16) -> Float16 { Float16(kl_log1p_f32(Float(x))) }
    /// eˣ − 1, accurate near 0.
    public static func expm1(_ x: Float16) -> Float16 { Float16(kl_expm1_f32(Float(x))) }
    /// The hyperbolic tangent.
    public static func tanh(_ x: Float16) -> Float16 { Float16(kl_tanh_f32(Float(x))) }
    /// x to the power y, as C defines it.
    public static func pow(_ x: Float16, _ y: Float16) -> Float16 {
      Float16(kl_pow_f32(Float(x), Float(y)))
    }
  }
#endif
