#!/bin/sh
# Tags the version of setup.cfg, once CHANGELOG.md begins with it and everything is committed.
set -eu
fail() { echo "$1" >&2; exit 1; }

version=$(sed -n 's/^version = //p' setup.cfg)
told=$(sed -n 's/^## //p' CHANGELOG.md | head -n 1)
[ "$told" = "$version" ] ||
    fail "setup.cfg says version $version, CHANGELOG.md begins with '## $told': make them agree."
[ -z "$(git status --porcelain)" ] || fail "Commit first: a tag is of what is committed."
! git rev-parse --quiet --verify "refs/tags/v$version" >/dev/null ||
    fail "v$version is tagged already: raise the version in setup.cfg and CHANGELOG.md."
git tag --annotate --message "clinic-calls $version" "v$version"
echo "Tagged v$version. Publish it with: git push origin v$version"
