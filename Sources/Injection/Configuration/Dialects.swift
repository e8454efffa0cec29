/// Every dialect there is.
package enum Dialects {
  /// In the order they are asked and documented.
  package static let all: [any ConfigurableDialect.Type] = [TalendDialect.self, HashiCorpDialect.self]

  /// What they are called on the command line.
  package static var names: [String] { all.map { $0.name } }

  /// Whose annotations the dialects of some names read, in order.
  static func injectors(of names: [String]) -> [String] { all.filter { names.contains($0.name) }.map { $0.injector } }
}

extension ConfigurableDialect {
  /// What the dialect is called on the command line.
  package static var name: String { Knobs.dialect }

  /// The settings it uses.
  static var settings: [DialectSetting] { Knobs.settings }

  /// The dialect with the settings in force.
  package init(_ configuration: Configuration, _ options: DialectOptions) {
    self.init(configuration.settings(), options)
  }
}
