# Sourced by the scripts that build: finds Swift, and installs what a build needs where it may.

# Swift's own archive unpacks to a folder that is on nobody's PATH.
command -v swift > /dev/null || export PATH="$PATH:/opt/swift/usr/bin"

# Installs the Debian packages of these names that are missing. Without apt, without root or without a
# network it says what is missing and returns 1; the caller knows what cannot be done then.
need_packages() {
  local missing=() package
  command -v dpkg-query > /dev/null || return 0   # another system: the build will say what it lacks
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ]; then
    echo "Missing, and only root can install them: apt-get install ${missing[*]}" >&2
    return 1
  fi
  echo "Installing ${missing[*]}" >&2
  # The lists are fetched only when needed, and once: a fresh machine has none, or old ones.
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}"; } < /dev/null >&2 && return 0
  echo "Debian's packages cannot be had: ${missing[*]}" >&2
  return 1
}
