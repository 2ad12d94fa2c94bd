package pocketcheck

import (
	"flag"
	"regexp"
	"strings"
)

// chosen tells whether go test -run lets a subtest run. Where the pattern is none that
// is understood here, all are run, and go test leaves out what it does.
func chosen(name string) bool {
	f := flag.Lookup("test.run")
	return f == nil || matched(f.Value.String(), name)
}

// matched tells it as package testing does: the parts of a name, between its slashes,
// each have what the pattern's part says, as far as there are both.
func matched(pattern, name string) bool {
	names := strings.Split(name, "/")
	for _, alternative := range outside(pattern, '|') {
		parts := outside(alternative, '/')
		holds := true
		for i := range min(len(parts), len(names)) {
			part, err := regexp.Compile(parts[i])
			holds = holds && (err != nil || part.MatchString(names[i]))
		}
		if holds {
			return true
		}
	}
	return false
}

// outside splits a pattern where a character stands outside of brackets.
func outside(pattern string, at byte) (parts []string) {
	inClass, depth, begin := false, 0, 0
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case c == '[':
			inClass = true
		case c == ']':
			inClass = false
		case inClass:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == at && depth == 0:
			parts = append(parts, pattern[begin:i])
			begin = i + 1
		}
	}
	return append(parts, pattern[begin:])
}
