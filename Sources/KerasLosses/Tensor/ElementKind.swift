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
}
