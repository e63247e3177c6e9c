#!/bin/sh
# Installs kubectl-oidc_login @VERSION@ into $BINDIR, by default ~/.local/bin.
set -eu

downloads='@DOWNLOADS@'
archives='@ARCHIVES@'
folder=${BINDIR:-$HOME/.local/bin}

fail() {
  echo "error: $1" >&2
  exit 1
}

case $(uname -s) in
  Linux) os=linux ;;
  Darwin) os=darwin ;;
  *) fail "There is no executable for $(uname -s). Use npm: npm install --global kubectl-oidc-login" ;;
esac
case $(uname -m) in
  x86_64 | amd64) arch=amd64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) fail "There is no executable for $(uname -m). Use npm: npm install --global kubectl-oidc-login" ;;
esac
if [ "$os" = linux ] && ! getconf GNU_LIBC_VERSION >/dev/null 2>&1; then os=linux-musl; fi

found=$(echo "$archives" | grep "^$os-$arch ") || fail "There is no executable for $os on $arch."
name=$(echo "$found" | cut -d ' ' -f 2)
expected=$(echo "$found" | cut -d ' ' -f 3)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "Fetching $name ..." >&2
if command -v curl >/dev/null 2>&1; then
  curl --fail --silent --show-error --location --output "$work/$name" "$downloads/$name" \
    || fail "$downloads/$name cannot be fetched."
elif command -v wget >/dev/null 2>&1; then
  wget -q -O "$work/$name" "$downloads/$name" || fail "$downloads/$name cannot be fetched."
else
  fail 'curl or wget is needed.'
fi

if command -v sha256sum >/dev/null 2>&1; then
  actual=$(sha256sum "$work/$name" | cut -d ' ' -f 1)
else
  actual=$(shasum -a 256 "$work/$name" | cut -d ' ' -f 1)
fi
[ "$actual" = "$expected" ] || fail "$name is not the archive of this release (its SHA-256 is $actual)."

tar -xzf "$work/$name" -C "$work"
mkdir -p "$folder"
# In one step, because kubectl may be running the old one at this moment.
cp "$work/kubectl-oidc_login" "$folder/.kubectl-oidc_login.$$"
chmod 755 "$folder/.kubectl-oidc_login.$$"
mv -f "$folder/.kubectl-oidc_login.$$" "$folder/kubectl-oidc_login"
echo "Installed $folder/kubectl-oidc_login" >&2
case ":$PATH:" in
  *":$folder:"*) echo 'Try it: kubectl oidc-login version' >&2 ;;
  *) echo "Add $folder to your PATH; then try: kubectl oidc-login version" >&2 ;;
esac
