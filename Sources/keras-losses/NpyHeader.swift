// The header of a .npy file: what NumPy's `numpy.lib.format` writes, read strictly.

import KerasLosses

/// What is wrong with a .npy file, without the file's name.
struct NpyError: Error, Equatable {
  let text: String

  init(_ text: String) { self.text = text }

  init(unsupportedType what: String) {
    let known = ElementKind.allCases.map(\.rawValue).joined(separator: ", ")
    text = "has elements of \(what); supported are \(known)."
  }
}

/// The type, order and shape of the array in a .npy file.
package struct NpyHeader: Sendable, Equatable {
  package let type: ElementKind
  package let isBigEndian: Bool
  package let isFortranOrder: Bool
  package let shape: [Int]

  init(type: ElementKind, isBigEndian: Bool, isFortranOrder: Bool, shape: [Int]) {
    self.type = type
    self.isBigEndian = isBigEndian
    self.isFortranOrder = isFortranOrder
    self.shape = shape
  }

  /// The type as NumPy spells it: `<f4`.
  package var typeText: String {
    (type.width == 1 ? "|" : isBigEndian ? ">" : "<") + type.rawValue
  }

  /// The header, and where it ends, from the beginning of a file of `fileSize` bytes.
  ///
  /// `read` gives the bytes of a range that lies within the file.
  static func parse(
    fileSize: Int, _ read: (Range<Int>) -> [UInt8]
  ) throws(NpyError) -> (header: NpyHeader, end: Int) {
    let start = read(0..<min(12, fileSize))
    try checkMagic(start)
    guard start.count >= 10 else { throw NpyError("is truncated: the header is not complete.") }
    // Version 1 counts the header in 2 bytes, later ones in 4.
    let lengthBytes = start[6] == 1 ? 2 : 4
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw NpyError("has .npy version \(start[6]).\(start[7]); versions 1.0 to 3.0 are read.")
    }
    guard start.count >= 8 + lengthBytes else {
      throw NpyError("is truncated: the header is not complete.")
    }
    let length = start[8..<(8 + lengthBytes)].reversed().reduce(0) { $0 << 8 | Int($1) }
    let end = 8 + lengthBytes + length
    guard end <= fileSize else {
      throw NpyError(
        "is truncated: a header of \(length) bytes is announced; \(fileSize - 8 - lengthBytes) follow."
      )
    }
    guard length <= longestHeader else {
      throw NpyError("has a header of \(length) bytes; at most \(longestHeader) are read.")
    }
    return (try NpyHeader(dictionary: read((8 + lengthBytes)..<end)), end)
  }

  private static let longestHeader = 1 << 20

  private static func checkMagic(_ start: [UInt8]) throws(NpyError) {
    guard !start.isEmpty else { throw NpyError("is empty; a .npy file is needed.") }
    if start.starts(with: Array("PK".utf8)) {
      throw NpyError("is not a .npy file but a zip archive, as .npz files are.")
    }
    let magic = [0x93] + Array("NUMPY".utf8)
    guard start.prefix(6).elementsEqual(magic.prefix(start.count)) else {
      throw NpyError("is not a .npy file: it does not begin with \\x93NUMPY.")
    }
  }

  /// The header in NumPy's notation: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
  init(dictionary bytes: [UInt8]) throws(NpyError) {
    var descr: PythonLiteral?
    var order: PythonLiteral?
    var shape: PythonLiteral?
    for (key, value) in try PythonLiteral.dictionary(bytes) {
      switch key {
      case "descr" where descr == nil: descr = value
      case "fortran_order" where order == nil: order = value
      case "shape" where shape == nil: shape = value
      case "descr", "fortran_order", "shape":
        throw NpyError("has a malformed header: '\(key)' is given twice.")
      default: throw NpyError("has a malformed header: '\(key)' is no key of a .npy header.")
      }
    }
    guard let descr, let order, let shape else {
      throw NpyError("has a malformed header: it needs 'descr', 'fortran_order' and 'shape'.")
    }
    guard case .bool(let isFortranOrder) = order else {
      throw NpyError("has a malformed header: 'fortran_order' must be True or False.")
    }
    guard case .tuple(let sizes) = shape else {
      throw NpyError("has a malformed header: 'shape' must be a tuple of integers.")
    }
    guard sizes.count <= 64 else {
      throw NpyError("has \(sizes.count) axes; arrays of NumPy have at most 64.")
    }
    (type, isBigEndian) = try Self.elementType(descr)
    self.isFortranOrder = isFortranOrder
    self.shape = sizes
  }

  private static func elementType(
    _ descr: PythonLiteral
  ) throws(NpyError) -> (ElementKind, isBigEndian: Bool) {
    guard case .string(let text) = descr else {
      throw NpyError("has a malformed header: 'descr' must be a string.")
    }
    let hasOrder = text.first.map { "<>=|".contains($0) } ?? false
    let name = String(text.dropFirst(hasOrder ? 1 : 0))
    guard let type = ElementKind(rawValue: name) else {
      throw NpyError(unsupportedType: "type '\(text)'\(kind(name))")
    }
    let isNative = !hasOrder || text.first == "=" || text.first == "|"
    return (type, isNative ? hostIsBigEndian : text.first == ">")
  }

  /// What NumPy calls the types that hold no real numbers.
  private static func kind(_ name: String) -> String {
    switch name.first {
    case "c": " (complex)"
    case "O": " (object)"
    case "S", "a", "U", "T": " (string)"
    case "V": " (void)"
    case "M", "m": " (time)"
    default: ""
    }
  }
}
