package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// errRefused is the end of a run whose key is refused.
var errRefused = errors.New("POST /api/v2/assets and GET of an unknown asset both answer 401")

// unfit says why a target can't be checked, though something answers there.
type unfit struct{ error }

// preflightAsset is what the preflight makes.
const preflightAsset = `{"title": "Sample Asset", "description": "pocketcheck makes this to see whether it can."}`

// preflight asks the target for an asset that is not there, and makes one, reads,
// changes and deletes it, before any scenario. The error tells that this gets nowhere:
// it is errRefused, an unfit, or why there is no answer. What the API itself answers,
// however wrong, is for its facts to say. The requests go one after the other: a
// target may take one connection at a time.
func (s *session) preflight(ctx context.Context) error {
	w := s.newWorld(report.Scenario{Name: "is the target there"})
	defer w.share.Close()
	defer w.tidy(ctx)
	get := &wire.Exchange{Method: http.MethodGet, URL: s.url(wire.Part{Text: wire.UnknownAsset}), Key: w.caller}
	_, err := w.do(ctx, get)
	switch {
	case errors.Is(err, wire.ErrInterrupted):
		return err
	case err != nil && !get.Sent:
		return s.silence(get)
	}
	_, _ = w.perform(ctx, operationNamed("assets.create"), request{body: wire.Literal(preflightAsset), by: w.caller})
	if ctx.Err() != nil {
		return wire.ErrInterrupted
	}
	post := w.trace.exchanges[len(w.trace.exchanges)-1]
	switch why := wire.Obstacle(get, post); {
	case isSilent(get) && isSilent(post):
		return s.silence(get)
	case why != "":
		if post.Trouble() == "" { // what is not the API made nothing
			s.ledger.forget()
		}
		return unfit{errors.New(why + wire.Via(s.URL))}
	case get.Status == http.StatusUnauthorized && post.Status == http.StatusUnauthorized:
		return errRefused
	case s.Passing: // nothing is in between
		return nil
	}
	return s.barred(ctx, w)
}

func (s *session) silence(e *wire.Exchange) error {
	return errors.New(wire.Plainly(e.Failure) + wire.Via(s.URL))
}

// isSilent tells of a request without an answer. One that is too much to be read is an
// answer, for the facts to fail by.
func isSilent(e *wire.Exchange) bool { return e.Failure != nil && e.Trouble() != "" }

// barred tells whether a gateway keeps a kind of request from the API, without which
// nothing could be made, or removed again.
func (s *session) barred(ctx context.Context, w *world) error {
	ctx, cancel := context.WithTimeout(ctx, tidyTime)
	defer cancel()
	if _, made := w.known[anAssetID.name]; made {
		for _, ask := range []struct{ operation, body string }{{"assets.get", ""}, {"assets.update", preflightAsset}, {"assets.delete", ""}} {
			_, _ = w.perform(ctx, operationNamed(ask.operation), request{body: wire.Literal(ask.body), by: w.caller})
		}
	}
	exchanges := w.trace.exchanges
	i := slices.IndexFunc(exchanges, isBar)
	if i < 0 {
		return nil
	}
	bar := exchanges[i]
	how := "by a page in HTML, as a gateway's"
	if where := wire.Elsewhere(bar); where != "" {
		how = "and " + where
	}
	return unfit{fmt.Errorf("%s is answered %s %s: it lets no %s through, without which a run could %s%s",
		bar.Name(), bar.StatusLine(), how, bar.Method, without[bar.Method], wire.Via(s.URL))}
}

// without is what a run could not do without a method.
var without = map[string]string{
	http.MethodGet: "read nothing", http.MethodPost: "make nothing", http.MethodPut: "change nothing", http.MethodDelete: "not clean up",
}

// isBar tells of an answer by something that keeps a request from the API: a page, or a
// way to another place. A page for what is wrong with a request, or for a route that
// is not there, or a crash, may be the application's own.
func isBar(e *wire.Exchange) bool {
	own := []int{http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusInternalServerError}
	return e.IsPage() && e.Status >= http.StatusBadRequest && e.Trouble() == "" && !slices.Contains(own, e.Status) ||
		e.Method != http.MethodGet && wire.Elsewhere(e) != ""
}
