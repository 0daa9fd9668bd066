/// A loss of `keras.losses`: every built-in loss.
///
/// Built-in losses are values. They compare equal when all parameters do, and are coded as Keras
/// codes their configuration: `{"name": …, "reduction": …, "from_logits": …}`.
public protocol KerasLoss: PlannedLoss, Hashable, Codable {
  /// Keras's names for this loss.
  static var names: KerasNames { get }
  /// The name of this instance; it has no effect on the value.
  var name: String { get }
}
