/// What an agent's template has around its actions.
public struct TemplateDelimiters: Hashable, Sendable {
  /// Before an action.
  public let left: String
  /// After an action.
  public let right: String

  /// Takes the two as they are configured; an empty one stands for Go's own.
  public init(left: String = "", right: String = "") {
    self.left = left.isEmpty ? "{{" : left
    self.right = right.isEmpty ? "}}" : right
  }

  /// `{{` and `}}`.
  public static let standard = TemplateDelimiters()
}
