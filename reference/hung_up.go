package reference

import (
	"context"
	"errors"
	"net/http"
)

// StatusHungUp is that of a request whose client went before its answer, as nginx has it:
// nobody gets it, but who watches the server sees whose doing it was.
const StatusHungUp = 499

// HungUp tells that err, with which a request ended, comes from its client's having gone.
// net/http cancels the context of such a request; who cancels it otherwise gives a cause.
func HungUp(r *http.Request, err error) bool {
	return errors.Is(err, context.Canceled) && context.Cause(r.Context()) == context.Canceled
}
