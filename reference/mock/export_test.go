package mock

import (
	"maps"
	"slices"
	"time"

	"github.com/pocketcheck/pocketcheck/reference/control"
)

// Levers are the patterns of the control API.
func Levers() []string { return slices.Sorted(maps.Keys((&Mock{}).handlers())) }

// Delays are the first of a rule.
func Delays(of control.Rule, n int) (all []time.Duration) {
	var r rules
	_, _ = r.add(of) // there is room
	for range n {
		all = append(all, r.all[0].wait())
	}
	return all
}
