package report

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// WriteExchanges writes each scenario with its requests and answers, whatever
// its outcome, for who looks into what happened.
func (r *Report) WriteExchanges(w io.Writer) error {
	b := bufio.NewWriter(w)
	seen := map[appearance]bool{}
	for _, f := range r.Facts {
		for _, s := range f.Scenarios {
			if seen[s.appearance()] {
				continue // a scenario of two facts is in both
			}
			seen[s.appearance()] = true
			_, _ = b.WriteString(plain.Text(exchangesText(s))) // Flush reports the error
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
		fmt.Fprintf(&b, "      %s after %v\n", e.status(), e.Duration.Round(100*time.Microsecond))
		if e.Answer != "" {
			fmt.Fprintf(&b, "        %s\n", indented(strings.TrimSpace(e.Answer)))
		}
	}
	return b.String()
}

// status is that of the answer, if there is one.
func (e Exchange) status() string {
	if e.Status == 0 {
		return "no answer"
	}
	return strings.TrimSpace(fmt.Sprint(e.Status, " ", http.StatusText(e.Status)))
}

// last gives the request that a blocked scenario ended with, and what was answered:
// of what only blocks, a report shows nothing else.
func (s Scenario) last() (request, answer string) {
	if s.Outcome != Blocked || len(s.Exchanges) == 0 {
		return "", ""
	}
	e := s.Exchanges[len(s.Exchanges)-1]
	return strings.TrimSpace(e.Method + " " + e.URL + " " + e.Body), strings.TrimSpace(e.status() + " " + e.Answer)
}
