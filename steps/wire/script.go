package wire

import (
	"fmt"
	"slices"
	"strings"
)

// Script gives exchanges as a shell script that runs as it is: what they made is
// gone, so the script makes it anew and takes the ids from the answers; keys come
// from the environment. removal are the requests that clean up after them.
func Script(exchanges, removal []*Exchange) string {
	var b strings.Builder
	if uses(exchanges, "external_id") {
		b.WriteString("external_id=\"pocketcheck-$(date +%s)-$$\"\n")
	}
	for _, e := range exchanges {
		command := e.curl()
		if len(e.Captures) == 0 {
			b.WriteString(command + "; echo\n")
			continue
		}
		fmt.Fprintf(&b, "answer=$(%s); printf '%%s\\n' \"$answer\"\n", command)
		for _, c := range e.Captures {
			fmt.Fprintf(&b, "%s=$(printf '%%s' \"$answer\" | jq -r .%s)\n", c.Variable, c.Path)
		}
	}
	for _, e := range removal {
		b.WriteString(e.curl() + "; echo\n")
	}
	return b.String()
}

func uses(exchanges []*Exchange, variable string) bool {
	isIt := func(p Part) bool { return p.Variable == variable }
	return slices.ContainsFunc(exchanges, func(e *Exchange) bool {
		return slices.ContainsFunc(e.URL, isIt) || slices.ContainsFunc(e.Body, isIt)
	})
}

func (e *Exchange) curl() string {
	// The answer's head goes to the terminal, its body to what captures it.
	words := []string{"curl -sS -D /dev/stderr -X", e.Method, e.URL.shell(), "-H 'Content-Type: application/json'"}
	switch {
	case e.Key.Variable != "":
		words = append(words, fmt.Sprintf(`-H "X-API-KEY: $%s"`, e.Key.Variable))
	case !e.Key.Key.IsZero(): // an unknown key is no secret
		words = append(words, "-H "+shellQuote("X-API-KEY: "+e.Key.Key.Reveal()))
	}
	if len(e.Body) > 0 && e.Body.String() != "" {
		words = append(words, "--data-raw", e.Body.shell())
	}
	return strings.Join(words, " ")
}
