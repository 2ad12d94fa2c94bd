package report

import (
	_ "embed"
	"slices"
)

//go:embed schema.json
var schema []byte

// Schema gives the JSON Schema (draft 2020-12) of what [Report.WriteJSON]
// writes.
func Schema() []byte { return slices.Clone(schema) }
