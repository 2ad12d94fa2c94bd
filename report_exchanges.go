package pocketcheck

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// WriteExchanges writes each scenario with its requests and answers, whatever
// its outcome, for who looks into what happened.
func (r *Report) WriteExchanges(w io.Writer) error {
	b := bufio.NewWriter(w)
	seen := map[string]bool{}
	for _, f := range r.Facts {
		for _, s := range f.Scenarios {
			// A scenario of two facts is in both; the rows of an outline share a title.
			text := plain(exchangesText(s))
			if !seen[text] {
				seen[text] = true
				_, _ = b.WriteString(text) // Flush reports the error
			}
		}
	}
	return b.Flush()
}

func exchangesText(s Scenario) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s (%s, %s)\n", s.Outcome, strings.Join(s.Facts, ", "), s.Name, s.Feature)
	for _, e := range s.Exchanges {
		fmt.Fprintf(&b, "    %s %s", e.Method, e.URL)
		if e.Key != "" {
			fmt.Fprintf(&b, " with $%s", e.Key)
		}
		b.WriteByte('\n')
		if e.Body != "" {
			fmt.Fprintf(&b, "        %s\n", indented(strings.TrimSpace(e.Body)))
		}
		status := "no answer"
		if e.Status != 0 {
			status = fmt.Sprint(e.Status, " ", http.StatusText(e.Status))
		}
		fmt.Fprintf(&b, "      %s after %v\n", strings.TrimSpace(status), e.Duration.Round(100*time.Microsecond))
		if e.Answer != "" {
			fmt.Fprintf(&b, "        %s\n", indented(strings.TrimSpace(e.Answer)))
		}
	}
	return b.String()
}
