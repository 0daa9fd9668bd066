internal import CLossKernels

extension ElementKind {
  /// The kind as the C kernels know it.
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
