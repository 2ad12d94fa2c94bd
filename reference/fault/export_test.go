package fault

import "strings"

// Together is a variant that has all of others, the innermost first.
func Together(parts []Variant) Variant {
	var names []string
	for _, p := range parts {
		names = append(names, p.Name)
	}
	return Variant{Name: strings.Join(names, "+"), parts: parts}
}
