import Injection
import Testing

@Suite struct TalendTemplateTests {
  private let block = """
    to <VSI_SECRETS_DESTINATION> <VSI_SECRETS_DESTINATION>
    <VSI_SECRETS_TEMPLATE_CONTENT>
    run "<VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN>"
    """

  @Test func writtenAsTheWebhookDoesIt() {
    let configuration = TalendConfiguration(
      templateBlock: block, templateDefault: "read <VSI_SECRETS_VAULT_SECRETS_PATH>")
    let blocks = configuration.templateBlocks([
      TalendTemplate(destination: "a", path: "p \"q\"", command: "say \"x\""),
      TalendTemplate(destination: "b", content: "own <VSI_SECRETS_VAULT_SECRETS_PATH>!", path: ""),
    ])
    #expect(
      blocks == """
        to a a
        read p "q"
        run "say "x""
        to b b
        own !
        run ""

        """)
  }

  @Test func quotedForHCL() {
    let configuration = TalendConfiguration(
      templateBlock: block, templateDefault: "read \"<VSI_SECRETS_VAULT_SECRETS_PATH>\"", origin: .builtIn)
    let blocks = configuration.templateBlocks([
      TalendTemplate(destination: "a b\"", path: #"p "q" \"#, command: "say \"x\" $(y)"),
      TalendTemplate(destination: "c", content: "own <VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN>", command: "run"),
    ])
    #expect(
      blocks == #"""
        to a b\" a b\"
        <<TEMPLATE
        read "p \"q\" \\"
        TEMPLATE
        run "say \"x\" \u0024(y)"
        to c c
        <<TEMPLATE
        own <VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN>
        TEMPLATE
        run "run"

        """#)
  }

  @Test func placeholdersAreFoundByteByByte() {
    let text = PlaceholderText("<X>\u{301}<X><X")
    #expect(text.pieces(around: "<X>") == ["", "\u{301}", "<X"])
    #expect(text.replacing("<X>", with: "<X><X>") == "<X><X>\u{301}<X><X><X")
    #expect(PlaceholderText("").pieces(around: "<X>") == [""])
    #expect(PlaceholderText("abc").pieces(around: "") == ["abc"])
  }

  @Test func goTemplatesGetTheirQuotesAndBackslashesEscaped() {
    #expect(GoTemplateText.escaped("a \"b\" \\c\n\t\r") == #"a \"b\" \\c\n\t\r"#)
  }
}
