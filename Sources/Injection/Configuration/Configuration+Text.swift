internal import ManifestText

extension Configuration {
  /// Everything in force as a configuration file, each value with a comment that says where it comes from.
  package var viewText: String {
    var text = SettingTree().lines { setting in
      ["\(SettingTree.key(of: setting)): \(YAMLWriter.inline(setting.read(values)))  # \(origin(of: setting.path))"]
    }
    text.append("\(SettingSchema.podPaths):" + (values.podPaths.isEmpty ? " {}" : ""))
    for podPath in values.podPaths {
      let paths = YAMLWriter.inline(.array(podPath.paths.map(Value.string)))
      text.append("  \(YAMLWriter.inline(.string(podPath.name))): \(paths)  # \(origin(of: podPath.settingPath))")
    }
    return text.joined(separator: "\n") + "\n"
  }

  /// A file to start from: every setting with what it does, its default commented out.
  ///
  /// Taking `# ` from the start of a line puts it in force.
  package static var exportText: String {
    let defaults = Values()
    let settings = SettingTree().lines { setting in
      let value = YAMLWriter.inline(setting.read(defaults))
      return ["## \(setting.summary)", "\(SettingTree.key(of: setting)): \(value)"]
    }
    let podPaths = [
      "## Where further kinds keep their pod templates; * is every element of a list or map.",
      "\(SettingSchema.podPaths):", "  example.com/Widget: spec.template",
    ]
    let head = [
      "# Settings of kubectl-vault-inject. To set one, take the `# ` from its line and from those of its groups.",
      "# It is found as .vault-inject.yaml in the working directory or above it, or named by --config.", "",
    ]
    return (head + (settings + podPaths).map { "# \($0)" }).joined(separator: "\n") + "\n"
  }
}

/// The settings as the nested maps of a file.
private struct SettingTree {
  static func key(of setting: Setting) -> String { setting.keys.last ?? setting.path }

  /// The lines of every setting, indented below those of its groups.
  func lines(_ lines: (Setting) -> [String]) -> [String] {
    var result: [String] = []
    var open: [String] = []
    for setting in SettingSchema.rows {
      let groups = Array(setting.keys.dropLast())
      let common = zip(open, groups).prefix { $0 == $1 }.count
      for depth in common..<groups.count { result.append(indent(depth) + groups[depth] + ":") }
      open = groups
      result += lines(setting).map { indent(groups.count) + $0 }
    }
    return result
  }

  private func indent(_ depth: Int) -> String { String(repeating: " ", count: 2 * depth) }
}
