package traffic

import (
	"net/http"
	"strings"

	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// keyVariable has the key of a caller in a script.
const keyVariable = "POCKETCHECK_API_KEY"

// curl repeats the request as a shell script: as it came, so far as the document is about it.
func (x *Exchange) curl(hide *hider) string {
	var b strings.Builder
	b.WriteString(`: "${POCKETCHECK_TARGET:?set it to the URL of the server}"` + "\n")
	words := []string{"curl -sS -i", "-X " + wire.ShellQuote(hide.text(x.Method)), `"$POCKETCHECK_TARGET"` + wire.ShellQuote(hide.text(x.Target))}
	if x.Method == http.MethodHead {
		words = append(words, "--head")
	}
	if value := x.Header.Get(contentType); value != "" {
		words = append(words, "-H "+wire.ShellQuote("Content-Type: "+hide.text(value)))
	}
	if firstOf(x.Header, KeyHeader) != "" {
		b.WriteString(`: "${` + keyVariable + `:?set it to the API key of the caller}"` + "\n")
		words = append(words, `-H "X-API-KEY: $`+keyVariable+`"`)
	}
	if len(x.Body) > 0 {
		words = append(words, "--data-raw "+wire.ShellQuote(hide.body(x.Body, x.IsCut)))
	}
	return b.String() + strings.Join(words, " ") + "\n"
}
