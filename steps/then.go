package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/cucumber/godog"
	"github.com/gavv/httpexpect/v2"
)

func theRequestSucceeds(ctx context.Context) error {
	return worldOf(ctx).expected(ctx, func(a *answer) { a.Status(http.StatusOK) })
}

func theRequestSucceedsWith(ctx context.Context, doc *godog.DocString) error {
	w := worldOf(ctx)
	return w.expected(ctx, func(a *answer) { w.succeeds(a, doc.Content) })
}

// succeeds compares the body of an answer with a pattern, too.
func (w *world) succeeds(a *answer, pattern string) {
	a.Status(http.StatusOK)
	if w.judge.found == nil {
		w.judge.matches(pattern, w.textOf)
	}
}

func theAnswerIsNoServerError(ctx context.Context) error {
	w := worldOf(ctx)
	return w.expected(ctx, func(a *answer) {
		if status := a.exchange.Status; status >= 500 {
			w.judge.record("status of", "", "no 5xx", strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status))))
		}
	})
}

func theRequestIsRefusedWith(ctx context.Context, status int) error {
	w := worldOf(ctx)
	return w.expected(ctx, func(a *answer) { w.refuses(a, status) })
}

// refuses asserts the status of a refusal. Where the request was let in, no time
// mends that.
func (w *world) refuses(a *answer, status int) {
	a.Status(status)
	if status >= 400 && a.exchange.Status < 300 {
		w.judge.final()
	}
}

func theRequestIsRefusedWithAMessage(ctx context.Context, status int) error {
	w := worldOf(ctx)
	return w.expected(ctx, func(a *answer) {
		w.refuses(a, status)
		w.message(a, "a text").NotEmpty()
	})
}

// theRequestIsRefusedWithText checks the status and that "error" is the text.
// Where only its wording could be wrong, and that is free, any text will do.
func theRequestIsRefusedWithText(ctx context.Context, status int, literal string) error {
	w := worldOf(ctx)
	if w.session.lenient(w.told.Facts) {
		return theRequestIsRefusedWithAMessage(ctx, status)
	}
	text, err := w.refusal(literal)
	if err != nil {
		return err
	}
	return w.expected(ctx, func(a *answer) {
		w.refuses(a, status)
		w.says(a, text)
	})
}

// says asserts the text of a refusal.
func (w *world) says(a *answer, text string) {
	quoted, _ := json.Marshal(text) // a string always encodes
	if !strings.Contains(text, anyText) {
		w.message(a, string(quoted)).IsEqual(text)
		return
	}
	w.message(a, string(quoted)+", … being any text").Match(matching(text))
}

// message is the text of a refusal; want is what it should be.
func (w *world) message(a *answer, want string) *httpexpect.String {
	w.judge.want = want
	return a.JSON().Object().Value("error").String()
}

// anyText stands for some text in one of the features.
const anyText = "…"

func matching(text string) string {
	parts := strings.Split(text, anyText)
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return "^(?s:" + strings.Join(parts, ".+") + ")$"
}

// refusal reads a JSON string of the features, with the ids that it names.
func (w *world) refusal(literal string) (string, error) {
	var text string
	if err := json.Unmarshal([]byte(literal), &text); err != nil {
		return "", fault{fmt.Errorf("%s is not a JSON string: %w", literal, err)}
	}
	return strings.ReplaceAll(text, "<asset id>", w.known["asset id"].Text), nil
}
