package steps

import (
	"context"
	"regexp"
	"strings"
)

// The levels of wording, beside the one in between, "documented": which texts of
// the document are asserted to the letter.
const (
	lenientWording = "lenient" // not those that leak the implementer's tools
	strictWording  = "strict"  // also those that no example of the endpoint shows
)

// theRequestIsRefusedWithAMessageThatNames asserts what follows for a parameter of
// which no example shows a refusal.
func theRequestIsRefusedWithAMessageThatNames(ctx context.Context, status int, parameter string) error {
	w := worldOf(ctx)
	return w.expected(ctx, func(a *answer) {
		w.refuses(a, status)
		w.message(a, "a text that names "+parameter).Match(naming(parameter))
	})
}

// naming is an expression for texts that name a parameter, in any of the ways in
// which frameworks do so: external_id, externalId, "External ID", External.
func naming(parameter string) string {
	words := strings.Split(strings.TrimSuffix(parameter, "_id"), "_")
	for i := range words {
		words[i] = regexp.QuoteMeta(words[i])
	}
	return "(?i)" + strings.Join(words, `[\s_.-]*`)
}

// unlessLenient asserts a text that an example shows and that leaks the
// implementer's tools.
func unlessLenient(ctx context.Context, literal string) error {
	if worldOf(ctx).session.Wording == lenientWording {
		return nil
	}
	return theMessageIs(ctx, literal, lenientWording)
}

// ifStrict asserts a text that only follows from those of other endpoints.
func ifStrict(ctx context.Context, literal string) error {
	if worldOf(ctx).session.Wording != strictWording {
		return nil
	}
	return theMessageIs(ctx, literal, "documented")
}

// beginsIfStrict asserts so where some text in between is the target's.
func beginsIfStrict(ctx context.Context, first, last string) error {
	w := worldOf(ctx)
	if w.session.Wording != strictWording {
		return nil
	}
	begin, err := w.refusal(first)
	if err != nil {
		return err
	}
	end, err := w.refusal(last)
	if err != nil {
		return err
	}
	return w.expected(ctx, func(a *answer) {
		w.message(a, "a text that begins "+first+" and ends "+last).Match("^" + regexp.QuoteMeta(begin) + "(?s:.+)" + regexp.QuoteMeta(end) + "$")
		if w.judge.found != nil {
			w.judge.found.Wording = "documented"
		}
	})
}

// theMessageIs asserts the text of a refusal, and tells at which level another one
// is accepted.
func theMessageIs(ctx context.Context, literal, accepted string) error {
	w := worldOf(ctx)
	text, err := w.refusal(literal)
	if err != nil {
		return err
	}
	return w.expected(ctx, func(a *answer) {
		w.refusesBy(a, text)
		if w.judge.found != nil {
			w.judge.found.Wording = accepted
		}
	})
}
