package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/gavv/httpexpect/v2"
	"github.com/pocketcheck/pocketcheck/fixtures"
)

func theRequestSucceeds(ctx context.Context) error {
	w := worldOf(ctx)
	return w.expected(ctx, w.succeeds)
}

func theRequestSucceedsWith(ctx context.Context, body string) error {
	w := worldOf(ctx)
	pattern, err := w.pattern(body)
	if err != nil {
		return err
	}
	return w.expected(ctx, func(a *answer) {
		w.succeeds(a)
		w.says(a, pattern)
	})
}

// resembles wants a status of the kind of another one, of a request that a scenario
// only needs: any success was carried out, and any refusal was not. Which one it is
// to be, the facts about that request say; what it did can be looked at all the
// same.
func resembles(a *answer, status int) {
	if a.exchange.Status/100 != status/100 {
		a.Status(status)
	}
}

// reads compares what a request gave that only looks at the effect of another.
func (w *world) reads(a *answer, pattern string) {
	resembles(a, http.StatusOK)
	w.says(a, pattern)
}

// succeeds wants the documented status of a scenario whose fact is about it, and any
// success of others.
func (w *world) succeeds(a *answer) {
	if f := fixtures.FactOf(w.told.Facts[0]); f.Status == http.StatusOK && f.Tier == "documented" {
		a.Status(http.StatusOK)
		return
	}
	resembles(a, http.StatusOK)
}

// says compares the body of an answer with a pattern.
func (w *world) says(a *answer, pattern string) {
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
func theRequestIsRefusedWithText(ctx context.Context, status int, literal string) error {
	w := worldOf(ctx)
	text, err := w.refusal(literal)
	if err != nil {
		return err
	}
	return w.expected(ctx, func(a *answer) {
		w.refuses(a, status)
		w.refusesBy(a, text)
	})
}

// refusesBy asserts the text of a refusal.
func (w *world) refusesBy(a *answer, text string) {
	quoted, _ := json.Marshal(text) // a string always encodes
	w.message(a, string(quoted)).IsEqual(text)
}

// message is the text of a refusal; want is what it should be.
func (w *world) message(a *answer, want string) *httpexpect.String {
	w.judge.want = want
	return a.JSON().Object().Value("error").String()
}

// refusal reads a JSON string of the features, with the ids that it names.
func (w *world) refusal(literal string) (string, error) {
	var text string
	if err := json.Unmarshal([]byte(literal), &text); err != nil {
		return "", fault{fmt.Errorf("%s is not a JSON string: %w", literal, err)}
	}
	return strings.ReplaceAll(text, "${asset id}", w.known["asset id"].Text), nil
}
