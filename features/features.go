// Package features holds the scenarios that check the facts of the Media
// Pocket API v2: one file an endpoint, named by the facts' prefix, each
// scenario tagged with the ids of the facts that it checks.
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
