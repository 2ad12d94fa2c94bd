package mock

import (
	"maps"
	"slices"
)

// Levers are the patterns of the control API.
func Levers() []string { return slices.Sorted(maps.Keys((&Mock{}).handlers())) }
