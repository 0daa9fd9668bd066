/// What Keras calls a loss.
public struct KerasNames: Sendable, Hashable {
  /// The name of the class: `"CategoricalCrossentropy"`.
  public let `class`: String
  /// The name of the function: `"categorical_crossentropy"`.
  public let function: String
  /// Further names of the function: `"mse"`, `"MSE"`.
  public let aliases: [String]

  init(class: String, function: String, aliases: [String] = []) {
    self.class = `class`
    self.function = function
    self.aliases = aliases
  }
}
