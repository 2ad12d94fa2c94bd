package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/cucumber/godog"
	"github.com/tidwall/gjson"
)

func theRequestSucceeds(ctx context.Context) error {
	w := worldOf(ctx)
	return w.expect(ctx, func(e *exchange) *Failure { return w.status(e, http.StatusOK) })
}

func theRequestSucceedsWith(ctx context.Context, doc *godog.DocString) error {
	w := worldOf(ctx)
	return w.fault(w.expect(ctx, func(e *exchange) *Failure { return w.succeeds(e, doc.Content) }))
}

func (w *world) succeeds(e *exchange, pattern string) *Failure {
	if f := w.status(e, http.StatusOK); f != nil {
		return f
	}
	return w.matches(e, pattern)
}

// status lets httpexpect compare the status of an answer. Of a response that the
// client did not take, a redirect with a bad Location, it says nothing: so what
// was recorded counts too.
func (w *world) status(e *exchange, want int) *Failure {
	w.judged = nil
	e.response.Status(want)
	if w.judged == nil && e.status == want {
		return nil
	}
	return &Failure{Message: "status of " + e.name(), Expected: statusText(want), Actual: statusText(e.status)}
}

// matches compares the body of an answer with a pattern, whatever its content
// type says.
func (w *world) matches(e *exchange, pattern string) *Failure {
	body, f := bodyOf(e)
	if f != nil {
		return f
	}
	bad, err := matcher{w.knows}.match(gjson.Parse(pattern), body, "$")
	if err != nil {
		w.broken = err
		return &Failure{fatal: true}
	}
	if bad == nil {
		return nil
	}
	return &Failure{Message: "answer to " + e.name(), Path: bad.path, Expected: bad.expected, Actual: bad.actual}
}

// fault prefers a fault of the feature, which a check found on its way, to what
// the check made of it.
func (w *world) fault(err error) error {
	if w.broken != nil {
		return fmt.Errorf("fault of the suite: %w", w.broken)
	}
	return err
}

func bodyOf(e *exchange) (gjson.Result, *Failure) {
	if !isJSON(e.answer) {
		return gjson.Result{}, &Failure{
			Message: "body of the answer to " + e.name(), Expected: "JSON", Actual: fmt.Sprintf("%q", e.answer),
		}
	}
	return gjson.ParseBytes(e.answer), nil
}

// isJSON comes before every use of gjson, which takes invalid input as it comes
// and follows nested values as deep as they go.
func isJSON(text []byte) bool { return json.Valid(text) && utf8.Valid(text) }

func theAnswerIsNoServerError(ctx context.Context) error {
	w := worldOf(ctx)
	return w.expect(ctx, func(e *exchange) *Failure {
		if e.status < 500 {
			return nil
		}
		return &Failure{Message: "status of " + e.name(), Expected: "no 5xx", Actual: statusText(e.status)}
	})
}

func theRequestIsRefusedWith(ctx context.Context, status int) error {
	w := worldOf(ctx)
	return w.expect(ctx, func(e *exchange) *Failure { return letIn(e, status, w.status(e, status)) })
}

// letIn tells a refusal that may still come from a request that was let in: no
// time mends that.
func letIn(e *exchange, status int, f *Failure) *Failure {
	if f != nil && status >= 400 && e.status < 300 {
		f.fatal = true
	}
	return f
}

func theRequestIsRefusedWithAMessage(ctx context.Context, status int) error {
	w := worldOf(ctx)
	return w.expect(ctx, func(e *exchange) *Failure { return letIn(e, status, w.refuses(e, status, "…")) })
}

// theRequestIsRefusedWithText checks the status and that "error" is the text.
// Where only its wording could be wrong, and that is free, any text will do.
func theRequestIsRefusedWithText(ctx context.Context, status int, literal string) error {
	w := worldOf(ctx)
	text, err := w.textOf(literal)
	if err != nil {
		return err
	}
	if w.session.lenient(w.facts) {
		text = "…"
	}
	return w.expect(ctx, func(e *exchange) *Failure { return letIn(e, status, w.refuses(e, status, text)) })
}

// textOf reads a JSON string of the features, with the ids that it names.
func (w *world) textOf(literal string) (string, error) {
	var text string
	if err := json.Unmarshal([]byte(literal), &text); err != nil {
		return "", fmt.Errorf("fault of the suite: %s is not a JSON string: %w", literal, err)
	}
	return strings.ReplaceAll(text, "<asset id>", w.known["asset id"].text), nil
}

func (w *world) refuses(e *exchange, status int, text string) *Failure {
	if f := w.status(e, status); f != nil {
		return f
	}
	body, f := bodyOf(e)
	if f != nil {
		return f
	}
	parts := strings.Split(text, "…")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	want := regexp.MustCompile("^(?s:" + strings.Join(parts, ".+") + ")$")
	got := body.Get("error")
	if got.Type == gjson.String && want.MatchString(got.Str) {
		return nil
	}
	return &Failure{Message: "answer to " + e.name(), Path: "$.error", Expected: refusalText(text), Actual: shown(got)}
}

func refusalText(text string) string {
	if text == "…" {
		return "a text"
	}
	quoted, _ := json.Marshal(text) // a string always encodes
	if strings.Contains(text, "…") {
		return string(quoted) + ", … being any text"
	}
	return string(quoted)
}
