package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// What a script calls the key of the run, and that of another user.
const (
	ownKey   = "POCKETCHECK_API_KEY"
	otherKey = "POCKETCHECK_OTHER_API_KEY"
)

// strangers blames no fact for a key of another caller that the target does not
// know: where a request with it is refused with 401, so is a GET then, and it is the
// set-up that is wrong.
func (w *world) strangers(ctx context.Context, err error) error {
	if found, ok := errors.AsType[*broken](err); !ok || found.Status != http.StatusUnauthorized || len(w.trace.exchanges) == 0 {
		return err
	}
	by := w.trace.exchanges[len(w.trace.exchanges)-1].Key
	if by.Variable == "" || by.Variable == ownKey {
		return err
	}
	w.trace.paused = true
	defer func() { w.trace.paused = false }()
	if _, ok := w.known["asset id"]; !ok {
		w.known["asset id"] = wire.Part{Text: "none"}
		defer delete(w.known, "asset id")
	}
	a, asking := w.perform(ctx, operationNamed("assets.get"), request{by: by})
	if asking != nil || a.exchange.Status != http.StatusUnauthorized {
		return err
	}
	return fmt.Errorf("the target does not know the key of another caller, which a script has in %s: a GET with it is answered 401, too; check the key", by.Variable)
}
