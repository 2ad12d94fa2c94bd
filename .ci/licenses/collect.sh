#!/bin/sh
# Collects the licences and notices of all that is linked into pocketcheck, a
# folder a module, with the source where a licence asks for it (MPL-2.0).
#   collect.sh FOLDER [OS]    FOLDER is made anew; OS as in GOOS
# It fails for a module whose licence it doesn't know or that forbids use.
set -eu
cd "$(dirname "$0")/../.."

# Not by `go tool`, which would build it for GOOS.
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
GOBIN=$bin go install -modfile=.ci/licenses/go.mod tool

export CGO_ENABLED=0 GOOS="${2:-$(go env GOOS)}"

# Without the flags of its log, it warns of every assembly file.
"$bin/go-licenses" save ./cmd/pocketcheck --save_path="$1" --force --ignore=github.com/pocketcheck/pocketcheck \
	--logtostderr=false --log_file=/dev/null --stderrthreshold=FATAL

# The standard library, which the tool leaves out.
mkdir "$1/go"
cp "$(go env GOROOT)/LICENSE" "$1/go/"
