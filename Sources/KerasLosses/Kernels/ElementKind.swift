internal import CLossKernels

/// How an element is stored. Raw values are NumPy's, without the byte order.
public enum ElementKind: String, Sendable, Hashable, CaseIterable {
  /// IEEE binary16.
  case float16 = "f2"
  /// IEEE binary32.
  case float32 = "f4"
  /// IEEE binary64.
  case float64 = "f8"
  /// A signed integer of 8 bits.
  case int8 = "i1"
  /// A signed integer of 16 bits.
  case int16 = "i2"
  /// A signed integer of 32 bits.
  case int32 = "i4"
  /// A signed integer of 64 bits.
  case int64 = "i8"
  /// An unsigned integer of 8 bits.
  case uint8 = "u1"
  /// An unsigned integer of 16 bits.
  case uint16 = "u2"
  /// An unsigned integer of 32 bits.
  case uint32 = "u4"
  /// An unsigned integer of 64 bits.
  case uint64 = "u8"
  /// A byte that is 0 or 1.
  case bool = "b1"

  /// The number of bytes.
  package var width: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// The same for the C kernels.
  var kernelType: kl_type {
    switch self {
    case .float16: KL_F16
    case .float32: KL_F32
    case .float64: KL_F64
    case .int8: KL_I8
    case .int16: KL_I16
    case .int32: KL_I32
    case .int64: KL_I64
    case .uint8: KL_U8
    case .uint16: KL_U16
    case .uint32: KL_U32
    case .uint64: KL_U64
    case .bool: KL_BOOL
    }
  }
}
