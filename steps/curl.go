package steps

import (
	"fmt"
	"net/http"
	"strings"
)

// script gives the exchanges of a scenario as a shell script that runs as it is:
// what the scenario made is gone, so the script makes it anew and takes the ids
// from the answers; keys come from the environment.
func script(exchanges []*exchange, made []made, url string) string {
	var b strings.Builder
	uses := func(variable string) bool {
		for _, e := range exchanges {
			for _, p := range append(append(template{}, e.url...), e.body...) {
				if p.variable == variable {
					return true
				}
			}
		}
		return false
	}
	if uses("external_id") {
		b.WriteString("external_id=\"pocketcheck-$(date +%s)-$$\"\n")
	}
	for _, e := range exchanges {
		command := e.curl()
		if len(e.captures) == 0 {
			b.WriteString(command + "; echo\n")
			continue
		}
		fmt.Fprintf(&b, "answer=$(%s); printf '%%s\\n' \"$answer\"\n", command)
		for _, c := range e.captures {
			fmt.Fprintf(&b, "%s=$(printf '%%s' \"$answer\" | jq -r .%s)\n", c.variable, c.jq)
		}
	}
	for _, m := range made {
		if m.comment.text == "" && m.asset.variable != "" {
			b.WriteString((&exchange{
				method: http.MethodDelete, key: m.by,
				url: template{{text: url + "/api/v2/assets/"}, m.asset.inPath()},
			}).curl() + "; echo\n")
		}
	}
	return b.String()
}

func (e *exchange) curl() string {
	// The answer's head goes to the terminal, its body to what captures it.
	words := []string{"curl -sS -D /dev/stderr -X", e.method, e.url.shell(), "-H 'Content-Type: application/json'"}
	switch {
	case e.key.variable != "":
		words = append(words, fmt.Sprintf(`-H "X-API-KEY: $%s"`, e.key.variable))
	case !e.key.key.IsZero(): // an unknown key is no secret
		words = append(words, "-H "+shellQuote("X-API-KEY: "+e.key.key.Reveal()))
	}
	if len(e.body) > 0 && e.body.String() != "" {
		words = append(words, "--data-raw", e.body.shell())
	}
	return strings.Join(words, " ")
}
