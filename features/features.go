// Package features holds the scenarios that check the facts of the Media
// Pocket API v2: one file an endpoint, named by the facts' prefix, and one for
// each thing that all endpoints have in common. Each scenario, or table of an
// outline, is tagged with the ids of the facts that it checks.
package features

import (
	"embed"
	"io/fs"
)

//go:embed *.feature
var files embed.FS

// All returns the feature files, e.g. comments.create.feature, in one
// directory.
func All() fs.FS { return files }
