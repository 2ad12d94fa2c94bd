package mock

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// preferred answers as a request wants it by Prefer: code=STATUS, example=FACT, or both;
// false where it wants nothing of this kind.
func (m *Mock) preferred(w http.ResponseWriter, r *http.Request) bool {
	code, example := preference(r.Header.Values("Prefer"))
	endpoint, _ := traffic.EndpointOf(r)
	if endpoint == "" || code == "" && example == "" {
		return false
	}
	by := answering{Rule: control.Rule{ID: "Prefer", Fact: example}}
	if x := exchangeOf(r.Context()); x != nil {
		user, _, _ := m.userOf(r) // who asks is for the journal alone
		x.rule, x.caller = by.ID, user.Email
	}
	status, err := 0, error(nil)
	if code != "" {
		if status, err = strconv.Atoi(code); err != nil {
			err = fmt.Errorf("code=%s is no status", code)
		}
	}
	if err == nil {
		_, err = traffic.DocumentedAnswer(endpoint, example, status)
	}
	if example == "" {
		by.Status = status
	}
	if err != nil {
		refuse(w, refused(http.StatusBadRequest, "Prefer: %v", err))
		return true
	}
	w.Header().Set("Preference-Applied", strings.Join(r.Header.Values("Prefer"), ", "))
	serveRule(w, r, by, endpoint, m.serving.Load().handler)
	return true
}

// preference reads what is preferred (RFC 7240).
func preference(headers []string) (code, example string) {
	for _, part := range strings.FieldsFunc(strings.Join(headers, ","), func(c rune) bool { return c == ',' || c == ';' }) {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		value = strings.Trim(strings.TrimSpace(value), `"`)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "code":
			code = value
		case "example":
			example = value
		}
	}
	return code, example
}
