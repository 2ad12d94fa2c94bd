package pocketcheck

import (
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// asked is what go test -run says; "" where it is another program.
func asked() string {
	if f := flag.Lookup("test.run"); f != nil {
		return f.Value.String()
	}
	return ""
}

// chosen tells whether go test -run lets a subtest run. Where the pattern is none that
// is understood here, all are run, and go test leaves out what it does.
func chosen(name string) bool { return matched(asked(), name) }

// misspelt says what is wrong with a pattern that chooses a test and none of its facts,
// though it means one; "" where it may mean subtests that are another's.
func misspelt(pattern, test string) string {
	var known []string
	for _, f := range fixtures.Facts() {
		if matched(pattern, test+"/"+subtest(f)) {
			return ""
		}
		known = append(known, subtest(f), f.Operation())
	}
	depth := len(strings.Split(test, "/"))
	for _, alternative := range outside(pattern, '|') {
		parts := outside(alternative, '/')
		if len(parts) <= depth || !matched(alternative, test) {
			continue
		}
		meant := strings.NewReplacer("^", "", "$", "", `\`, "").Replace(strings.Join(parts[depth:], "/"))
		name, _, _ := strings.Cut(meant, "/")
		i := slices.IndexFunc(fixtures.Facts(), func(f fixtures.Fact) bool { return f.Operation() == name })
		hint := "" // it may be another's
		if i >= 0 {
			hint = fmt.Sprintf("pocketcheck facts --endpoint '%s' lists those that there are", fixtures.Facts()[i].Endpoint)
		}
		if near := fixtures.Nearest(meant, known...); near != "" && near != name {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		if hint != "" {
			return fmt.Sprintf("go test -run chooses no fact: there is no %q; %s", meant, hint)
		}
	}
	return ""
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
