/// The template of a secret that brings none: `key=value` lines, and no blank one.
package enum DefaultTemplate {
  /// The template that reads a path in Vault.
  ///
  /// A secret of the second KV engine is told by its `data` and `metadata` being maps, as what they stand in is: the
  /// agent reads such a secret by the paths of either engine.
  package static func text(of path: String) -> String { beginning + GoTemplateText.escaped(path) + rest }

  private static let beginning = #"{{- with secret ""#
  private static let rest = #"""
    " }}
    {{- $values := .Data }}
    {{- if eq (printf "%T %T" .Data.data .Data.metadata) (printf "%T %T" .Data .Data) }}
    {{- $values = .Data.data }}
    {{- end }}
    {{- range $key, $value := $values }}
    {{- $key }}={{ $value }}
    {{ end }}
    {{- end -}}
    """#
}
