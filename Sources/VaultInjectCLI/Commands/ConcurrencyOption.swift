internal import ArgumentParser
internal import Cluster
internal import KubernetesAPI

/// How much is asked of an API server at once.
struct ConcurrencyOption: ParsableArguments {
  private static let most = 1000

  @Option(
    help: ArgumentHelp("How many requests are under way at once: 100 where none is given.", valueName: "number"))
  var concurrency: String?

  /// The number that is given; nil where none is.
  var number: Int? { concurrency.flatMap(Int.init) }

  func validate() throws {
    guard let concurrency, !(1...Self.most).contains(number ?? 0) else { return }
    throw ValidationError(
      "--concurrency cannot be `\(concurrency)`", hint: "use a number from 1 to \(Self.most), such as 10")
  }

  /// What the option makes of the connection.
  func apply(to options: inout CurlTransport.Options) {
    guard let number else { return }
    options.concurrency = number
    // A server that speaks HTTP/1.1 only gets a connection for each request that is under way.
    options.connections = min(options.connections, number)
  }
}
