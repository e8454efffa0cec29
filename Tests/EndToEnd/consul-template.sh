#!/bin/sh
# Stands in for Consul Template, which no package registry of the test machines has: OpenBao's agent holds the same
# template engine. It takes the same options, reads the same configuration file and the same token file; that the
# real program accepts its `vault` stanza is not shown by it.
level=info
for word; do
  case $word in
    -config=*) configuration=${word#-config=} ;;
    -log-level=*) level=${word#-log-level=} ;;
    *) echo "unknown option: $word" >&2; exit 64 ;;
  esac
done
token=$(sed -n 's/^ *vault_agent_token_file = //p' "$configuration")
interval=$(sed -n 's/^ *default_lease_duration = //p' "$configuration")
{
  echo "auto_auth {"
  echo "  method {"
  echo "    type = \"token_file\""
  echo "    config = { token_file_path = $token }"
  echo "  }"
  echo "}"
  echo "template_config { static_secret_render_interval = $interval }"
  sed '/^vault {/,/^}/d' "$configuration"
} >"$HOME/stand-in.hcl"
exec vault agent -log-level="$level" -config="$HOME/stand-in.hcl"
