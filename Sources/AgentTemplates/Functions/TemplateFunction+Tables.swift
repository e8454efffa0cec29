extension TemplateFunction {
  /// Every function of the agent's templates, by its name.
  static let all: [String: TemplateFunction] = {
    var functions: [String: TemplateFunction] = [:]
    let tables: [(Origin, String)] = [
      (.go, goBuiltIns), (.vault, vault), (.consul, consul), (.consulTemplate, helpers), (.sprig, sprig),
    ]
    for (origin, table) in tables {
      for row in table.split(separator: ";") {
        let function = TemplateFunction(row: row, origin: origin)
        functions[function.name] = function
      }
    }
    return functions
  }()

  /// Go's own, of `text/template`.
  private static let goBuiltIns = """
    and any any...; call any any...; html any...; index any any...; slice any any...; js any...; len any; not any;
    or any any...; print any...; printf string any...; println any...; urlquery any...; eq any any...; ge any any;
    gt any any; le any any; lt any any; ne any any;
    """

  /// What asks Vault, or reads a file.
  private static let vault = """
    file string; pkiCert string...; secret string...; secrets string;
    """

  /// What asks Consul or Nomad, or makes something of their answers; OpenBao's agent does not have these.
  private static let consul = """
    datacenters bool...; exportedServices string...; importedServices string; key string; keyExists string;
    keyOrDefault string string; ls string; safeLs string; node string...; nodes string...; partitions;
    peerings string...; service string...; connect string...; services string...; tree string; safeTree string;
    caRoots; caLeaf string; nomadServices string...; nomadService any...; nomadVarList string...;
    nomadVarListSafe string...; nomadVar string; nomadVarExists string; byKey any; byMeta string any; byPort any;
    byTag any; explode any;
    """

  /// What Consul Template has besides.
  private static let helpers = """
    add any any; base64Decode string; base64Encode string; base64URLDecode string; base64URLEncode string;
    contains any any; containsAll list any; containsAny list any; containsNone list any; containsNotAll list any;
    divide any any; env string; envOrDefault string string; executeTemplate string any...; explodeMap map;
    hmacSHA256Hex string string; in any any; indent int string; join string list; loop any...; maximum any any;
    md5sum string; mergeMap map map any...; mergeMapWithOverride map map; minimum any any; modulo any any;
    multiply any any; mustEnv string; parseBool string; parseFloat string; parseInt string; parseJSON string;
    parseUint string; parseYAML string; plugin string string...; regexMatch string string;
    regexReplaceAll string string string; replaceAll string string string; scratch; sha256Hex string;
    sockaddr string...; spew_dump any...; spew_printf string any...; spew_sdump any...; spew_sprintf string any...;
    split string string; splitToMap string string string; subtract any any; timestamp string...; toJSON any;
    toJSONPretty any; toLower string; toTitle string; toTOML any; toUnescapedJSON any; toUnescapedJSONPretty any;
    toUpper string; toYAML any; trim string string; trimPrefix string string; trimSpace string;
    trimSuffix string string; writeToFile string string string string string...;
    """

  /// Sprig's; HashiCorp's agents of today leave out those that give something else each time.
  private static let sprig = """
    sprig_abbrev int string; sprig_abbrevboth int int string; sprig_add any...; sprig_add1 any; sprig_add1f any;
    sprig_addf any...; sprig_adler32sum string; sprig_ago any; sprig_all any...; sprig_any any...;
    sprig_append any any; sprig_atoi string; sprig_b32dec string; sprig_b32enc string; sprig_b64dec string;
    sprig_b64enc string; sprig_base string; sprig_bcrypt string; sprig_biggest any any...;
    sprig_buildCustomCert string string; sprig_camelcase string; sprig_cat any...; sprig_ceil any;
    sprig_chunk int any; sprig_clean string; sprig_coalesce any...; sprig_compact any; sprig_concat any...;
    sprig_contains string string; sprig_date string any; sprig_date_in_zone string any string;
    sprig_date_modify string any; sprig_dateInZone string any string; sprig_dateModify string any;
    sprig_decryptAES string string; sprig_deepCopy any; sprig_deepEqual any any; sprig_default any any...;
    sprig_derivePassword int string string string string; sprig_dict any...; sprig_dig any...; sprig_dir string;
    sprig_div any any; sprig_divf any any...; sprig_duration any; sprig_durationRound any; sprig_empty any;
    sprig_encryptAES string string; sprig_env string; sprig_expandenv string; sprig_ext string; sprig_fail string;
    sprig_first any; sprig_float64 any; sprig_floor any; sprig_fromJson string; sprig_genCA string int;
    sprig_genCAWithKey string int string; sprig_genPrivateKey string; sprig_genSelfSignedCert string list list int;
    sprig_genSelfSignedCertWithKey string list list int string; sprig_genSignedCert string list list int any;
    sprig_genSignedCertWithKey string list list int any string; sprig_get map string; sprig_getHostByName string;
    sprig_has any any; sprig_hasKey map string; sprig_hasPrefix string string; sprig_hasSuffix string string;
    sprig_hello; sprig_htmlDate any; sprig_htmlDateInZone any string; sprig_htpasswd string string;
    sprig_indent int string; sprig_initial any; sprig_initials string; sprig_int any; sprig_int64 any;
    sprig_isAbs string; sprig_join string any; sprig_kebabcase string; sprig_keys map...; sprig_kindIs string any;
    sprig_kindOf any; sprig_last any; sprig_list any...; sprig_lower string; sprig_max any any...;
    sprig_maxf any any...; sprig_merge map map...; sprig_mergeOverwrite map map...; sprig_min any any...;
    sprig_minf any any...; sprig_mod any any; sprig_mul any any...; sprig_mulf any any...;
    sprig_must_date_modify string any; sprig_mustAppend any any; sprig_mustChunk int any; sprig_mustCompact any;
    sprig_mustDateModify string any; sprig_mustDeepCopy any; sprig_mustFirst any; sprig_mustFromJson string;
    sprig_mustHas any any; sprig_mustInitial any; sprig_mustLast any; sprig_mustMerge map map...;
    sprig_mustMergeOverwrite map map...; sprig_mustPrepend any any; sprig_mustPush any any;
    sprig_mustRegexFind string string; sprig_mustRegexFindAll string string int; sprig_mustRegexMatch string string;
    sprig_mustRegexReplaceAll string string string; sprig_mustRegexReplaceAllLiteral string string string;
    sprig_mustRegexSplit string string int; sprig_mustRest any; sprig_mustReverse any; sprig_mustSlice any any...;
    sprig_mustToDate string string; sprig_mustToJson any; sprig_mustToPrettyJson any; sprig_mustToRawJson any;
    sprig_mustUniq any; sprig_mustWithout any any...; sprig_nindent int string; sprig_nospace string; sprig_now;
    sprig_omit map string...; sprig_osBase string; sprig_osClean string; sprig_osDir string; sprig_osExt string;
    sprig_osIsAbs string; sprig_pick map string...; sprig_pluck string map...; sprig_plural string string int;
    sprig_prepend any any; sprig_push any any; sprig_quote any...; sprig_randAlpha int; sprig_randAlphaNum int;
    sprig_randAscii int; sprig_randBytes int; sprig_randInt int int; sprig_randNumeric int;
    sprig_regexFind string string; sprig_regexFindAll string string int; sprig_regexMatch string string;
    sprig_regexQuoteMeta string; sprig_regexReplaceAll string string string;
    sprig_regexReplaceAllLiteral string string string; sprig_regexSplit string string int; sprig_repeat int string;
    sprig_replace string string string; sprig_rest any; sprig_reverse any; sprig_round any int float...;
    sprig_semver string; sprig_semverCompare string string; sprig_seq int...; sprig_set map string any;
    sprig_sha1sum string; sprig_sha256sum string; sprig_sha512sum string; sprig_shuffle string;
    sprig_slice any any...; sprig_snakecase string; sprig_sortAlpha any; sprig_split string string;
    sprig_splitList string string; sprig_splitn string int string; sprig_squote any...; sprig_sub any any;
    sprig_subf any any...; sprig_substr int int string; sprig_swapcase string; sprig_ternary any any bool;
    sprig_title string; sprig_toDate string string; sprig_toDecimal any; sprig_toJson any; sprig_toPrettyJson any;
    sprig_toRawJson any; sprig_toString any; sprig_toStrings any; sprig_trim string; sprig_trimall string string;
    sprig_trimAll string string; sprig_trimPrefix string string; sprig_trimSuffix string string;
    sprig_trunc int string; sprig_tuple any...; sprig_typeIs string any; sprig_typeIsLike string any;
    sprig_typeOf any; sprig_uniq any; sprig_unixEpoch any; sprig_unset map string; sprig_until int;
    sprig_untilStep int int int; sprig_untitle string; sprig_upper string; sprig_urlJoin map; sprig_urlParse string;
    sprig_uuidv4; sprig_values map; sprig_without any any...; sprig_wrap int string;
    sprig_wrapWith int string string;
    """
}
