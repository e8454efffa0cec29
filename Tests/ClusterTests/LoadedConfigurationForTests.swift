import Injection

/// The injection as it is built in.
enum LoadedConfigurationForTests {
  static let injector = Injector(dialects: [
    TalendDialect(TalendDialect.Settings(TalendSettings(), isExact: false))
  ])
}
