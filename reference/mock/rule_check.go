package mock

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"golang.org/x/net/http/httpguts"
)

// completed gives a rule what follows from the rest of it: the endpoint from the fact, and a
// status from what only an answer has.
func completed(r control.Rule) (control.Rule, error) {
	if r.Fact != "" && r.Endpoint == "" {
		if r.Endpoint = fixtures.FactOf(r.Fact).Endpoint; r.Endpoint == "" {
			var known []string
			for _, f := range fixtures.Facts() {
				known = append(known, f.ID)
			}
			return r, wrong("fact %q: the document has none of this name; %s", r.Fact, fixtures.Meant(r.Fact, "pocketcheck facts lists them", known...))
		}
	}
	switch {
	case r.Fact != "" || r.Status != 0:
	case r.RetryAfter > 0:
		r.Status = http.StatusTooManyRequests
	case r.Body != nil || r.Text != nil || len(r.Header) > 0:
		r.Status = http.StatusOK
	}
	return r, nil
}

// checked refuses a rule that could never answer, or not as it says.
func checked(r control.Rule) error {
	for _, err := range []error{checkWho(r), checkEndpoint(r), checkAnswer(r), checkDelay(r)} {
		if err != nil {
			return err
		}
	}
	return nil
}

func wrong(format string, args ...any) error { return refused(http.StatusBadRequest, format, args...) }

func checkWho(r control.Rule) error {
	given := 0
	for _, is := range []bool{r.APIKey != "", r.User != "", r.Everyone} {
		if is {
			given++
		}
	}
	if given != 1 {
		return wrong(`a rule is for one caller or for all: give one of "api_key", "user" and "everyone": true`)
	}
	if r.Call < 0 || r.Times < 0 {
		return wrong("call and times are not below 0")
	}
	return nil
}

func checkEndpoint(r control.Rule) error {
	if r.Endpoint == "" {
		return nil
	}
	matching := matchingEndpoints(r.Endpoint)
	if len(matching) == 0 {
		return wrong("endpoint %q: no endpoint of the document; %s", r.Endpoint, fixtures.Meant(r.Endpoint, `write it as documented, such as "POST /api/v2/assets"`, traffic.Endpoints()...))
	}
	if r.Fact != "" {
		for _, endpoint := range matching {
			if _, err := traffic.DocumentedAnswer(endpoint, r.Fact, 0); err != nil {
				return wrong("fact: %v", err)
			}
		}
	}
	return nil
}

func matchingEndpoints(pattern string) []string {
	return slices.DeleteFunc(traffic.Endpoints(), func(e string) bool { return !fixtures.Glob(pattern, e) })
}

func checkAnswer(r control.Rule) error {
	answers := r.Fact != "" || r.Status != 0
	switch {
	case r.Fact != "" && r.Status != 0:
		return wrong("a fact has its status; give one of fact and status")
	case r.Status != 0 && (r.Status < 200 || r.Status > 599):
		return wrong("status %d is none of 200 to 599", r.Status)
	case r.Body != nil && r.Text != nil:
		return wrong("give one of body and text")
	case r.RetryAfter < 0:
		return wrong("retry_after is below 0")
	case !slices.Contains([]string{"", control.Drop, control.Truncate, control.Malform}, r.Break):
		return wrong("break %q is none of %s", r.Break, strings.Join([]string{control.Drop, control.Truncate, control.Malform}, ", "))
	case !answers && r.Break == "" && r.DelayMS == 0 && r.DelayUpToMS == 0:
		return wrong("the rule does nothing; give a fact, a status, a delay or a break")
	}
	for name, value := range r.Header {
		if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) {
			return wrong("headers: %q is none that can be sent", name)
		}
	}
	return nil
}

func checkDelay(r control.Rule) error {
	for _, ms := range []int{r.DelayMS, r.DelayUpToMS} {
		if ms < 0 || time.Duration(ms)*time.Millisecond > longestDelay {
			return wrong("a delay of %d ms is none of 0 to %d", ms, longestDelay.Milliseconds())
		}
	}
	if r.DelayUpToMS != 0 && r.DelayUpToMS < r.DelayMS {
		return wrong("delay_up_to_ms is below delay_ms")
	}
	return nil
}

// answerOf is what a rule answers at an endpoint: the document's, or another. Where the
// rule only waits or breaks, it has none.
func answerOf(r control.Rule, endpoint string) (a answer, ok bool) {
	switch {
	case r.Fact != "":
		d, err := traffic.DocumentedAnswer(endpoint, r.Fact, 0)
		if err != nil {
			return a, false // it was checked
		}
		a = answer{status: d.Status, body: []byte(d.Body)}
	case r.Status != 0:
		a.status = r.Status
		if d, err := traffic.DocumentedAnswer(endpoint, "", r.Status); err == nil {
			a.body = []byte(d.Body)
		} else if r.Status >= http.StatusBadRequest {
			a.body = fmt.Appendf(nil, `{"error": %q}`, http.StatusText(r.Status))
		}
	default:
		return a, false
	}
	a.header = http.Header{}
	if len(a.body) > 0 || r.Body != nil {
		a.header.Set("Content-Type", "application/json")
	}
	if r.Body != nil {
		a.body = r.Body
	}
	if r.Text != nil {
		a.body = []byte(*r.Text)
		a.header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	if r.RetryAfter > 0 {
		a.header.Set("Retry-After", fmt.Sprint(r.RetryAfter))
	}
	for name, value := range r.Header {
		a.header.Set(name, value)
	}
	return a, true
}
