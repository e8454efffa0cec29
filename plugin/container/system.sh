#!/bin/sh
# Lays out, in the folder it is given, the few files of Debian that plugin/Containerfile's image has.
set -eu
system=$1

for folder in bin etc/ssl/certs home/argocd usr/local/bin; do mkdir -p "$system/$folder"; done
mkdir -p -m 1777 "$system/tmp"

# The C library, and libcurl with all that it needs; files by their names, not the links that lead to them.
names='libcurl\|libgcc_s\|libm\|libdl\|libpthread\|librt\|libresolv'
ldconfig -p | sed -n "s/^[[:space:]]*\\($names\\)\.so\.[0-9]* .* => //p" | while read -r library; do
  ldd "$library" | sed -n 's/^.*[[:space:]]\(\/[^ ]*\) (.*$/\1/p'
  echo "$library"
done | sort -u | while read -r file; do
  mkdir -p "$system$(dirname "$file")"
  cp -L "$file" "$system$file"
done

cp -L "$(command -v busybox)" "$system/bin/busybox"
for name in awk basename cat chmod cp cut date dirname env find grep head id ls mkdir mktemp mv printf rm sed sh sleep \
  sort tail tar tee touch tr true uname wc xargs; do
  ln -s busybox "$system/bin/$name"
done

cp -L /etc/ssl/certs/ca-certificates.crt "$system/etc/ssl/certs/"
cat > "$system/etc/passwd" <<END
root:x:0:0:root:/:/bin/sh
argocd:x:999:999:argocd:/home/argocd:/bin/sh
nonroot:x:65532:65532:nonroot:/tmp:/bin/sh
nobody:x:65534:65534:nobody:/tmp:/bin/sh
END
cat > "$system/etc/group" <<END
root:x:0:
argocd:x:999:
nonroot:x:65532:
nogroup:x:65534:
END
