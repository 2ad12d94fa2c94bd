// Package address looks at addresses of servers that may hold a password.
package address

import "strings"

// IsBroken tells that an address breaks off in its password, at one of / ? # @: what
// follows would be taken for a path or a host, and what comes before for a host, and be
// told as such.
func IsBroken(url string) bool {
	_, rest, _ := strings.Cut(url, "://")
	end := strings.IndexAny(rest+"/", "/?#")
	return strings.Count(rest[:end], "@") > 1 || strings.Contains(rest[end:], "@")
}

// Escapes says how such a password is written.
const Escapes = "in a password, write %2F for /, %3F for ?, %23 for #, %40 for @ and %25 for %"
