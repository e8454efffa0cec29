package import Injection
internal import ManifestText

/// The form in which policies and roles are written.
package enum PolicyFormat: String, CaseIterable, Sendable {
  /// The policies as Vault reads them; the roles stand in comments.
  case hcl
  /// A shell script that writes both.
  case commands
  /// Resources of Terraform's provider for Vault.
  case terraform
  /// For machines.
  case json

  /// Everything in this form.
  package func text(of papers: PolicyPapers) -> String {
    switch self {
    case .hcl: PolicyHCL().text(of: papers)
    case .commands: PolicyCommands(papers).text
    case .terraform: PolicyTerraform(papers).text
    case .json: PolicyJSON(papers).text
    }
  }
}

/// What is to be written of a run: policies, their roles, and what cannot be told.
package struct PolicyPapers: Sendable {
  package let policies: [VaultPolicy]
  /// What may be needed by pods of which not even the role is told.
  package let gaps: [PolicyGap]
  /// How long the tokens of the roles live.
  package let lifetime: TokenLifetime
  /// The program that speaks to Vault: `vault`, or `bao`.
  package let program: String

  package init(policies: [VaultPolicy], gaps: [PolicyGap], lifetime: TokenLifetime, program: String) {
    (self.policies, self.gaps, self.lifetime, self.program) = (policies, gaps, lifetime, program)
  }

  /// Each policy as a file of its own, with the name of the file.
  package var files: [(name: String, text: String)] {
    let names = PolicyLabels(policies, between: ".")
    return policies.enumerated().map { index, policy in
      ("\(names[index]).hcl", PolicyHCL().header(of: policy) + PolicyHCL().rules(of: policy))
    }
  }
}

/// How long a token lives, as Vault reads it.
package struct TokenLifetime: Equatable, Sendable {
  /// As it was written, such as `1h`.
  package let text: String
  package let seconds: Int

  /// What holds where nobody says anything: an agent renews its token before, and one that is left behind ends soon.
  package static let usual = TokenLifetime(text: "1h", seconds: 3600)

  private init(text: String, seconds: Int) { (self.text, self.seconds) = (text, seconds) }

  /// Reads seconds, or numbers with `h`, `m` and `s` after them; nil for any other text, for nothing, and for more than
  /// ten years.
  package init?(_ text: String) {
    let units: [UInt8: Int] = [UInt8(ascii: "h"): 3600, UInt8(ascii: "m"): 60, UInt8(ascii: "s"): 1]
    var (sum, number) = (0, "")
    for byte in text.utf8 {
      if ASCII.isDigit(byte), number.utf8.count < 9 {
        number.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        guard let unit = units[byte], let count = Int(number) else { return nil }
        sum += count * unit
        number = ""
      }
    }
    if !number.isEmpty {
      guard number.utf8.count == text.utf8.count, let count = Int(number) else { return nil }
      sum = count
    }
    guard (1...315_360_000).contains(sum) else { return nil }
    self.init(text: text, seconds: sum)
  }
}

/// Names for policies in files or in Terraform, each there once: in another Vault namespace the same name may stand for
/// another policy.
struct PolicyLabels {
  private var labels: [String] = []

  /// Joins namespaces and names by a sign, spelt as they may be.
  init(_ policies: [VaultPolicy], between sign: String, spelt: (String) -> String = { $0 }) {
    var taken: Set<String> = []
    for policy in policies {
      let words =
        policy.role.vaultNamespace.split(separator: "/").map { PolicyLabels.plain(String($0)) } + [policy.name]
      let label = spelt(words.joined(separator: sign))
      var (unique, number) = (label, 1)
      while !taken.insert(unique).inserted {
        number += 1
        unique = "\(label)-\(number)"
      }
      labels.append(unique)
    }
  }

  subscript(_ index: Int) -> String { labels[index] }

  private static func plain(_ text: String) -> String {
    String(
      text.unicodeScalars.map {
        $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)) ? Character($0) : "-"
      })
  }
}
