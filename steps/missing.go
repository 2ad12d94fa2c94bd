package steps

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/tidwall/gjson"
)

// question is what an endpoint is asked about an existing asset, to see whether it is
// there: what a scenario asks as well, and what changes nothing.
type question struct {
	operation, last, query, body string
	lacks                        bool // 404 may be about another thing than the asset: its file, an action
}

// questions are for the endpoints whose good answer takes a provider state, or is
// documented nowhere: all their facts may pass, or lack the state, without them.
var questions = []question{
	{operation: "dag_actions.list"},
	{operation: "dag_actions.start", last: "not-found-id", lacks: true},
	{operation: "dag_runs.list"},
	{operation: "file_metadata.get", lacks: true},
	{operation: "collections.list"},
	{operation: "media.download_url", last: "not_found_id", query: "filename=test.png", lacks: true},
	{operation: "project.assign", body: `{"to_project_id": "not-found-id"}`, lacks: true},
	{operation: "project.unassign"},
}

// present are the operations that the run had a good answer of.
type present struct {
	mu    sync.Mutex
	known map[string]bool
}

func (p *present) see(op *operation, e *wire.Exchange) {
	isAsked := func(q question) bool { return q.operation == op.name }
	if e.Failure != nil || e.Status/100 != 2 || !slices.ContainsFunc(questions, isAsked) {
		return
	}
	if _, isJSON := e.JSON(); isJSON {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.known[op.name] = true
	}
}

// missing gives the endpoints that seem not to be there. Those that gave the run a
// good answer are not asked again.
func (s *session) missing(ctx context.Context) []report.Missing {
	open := slices.DeleteFunc(slices.Clone(questions), func(q question) bool { return s.present.known[q.operation] || !s.wants(q) })
	if len(open) == 0 {
		return nil
	}
	w := s.newWorld(report.Scenario{Name: "are all endpoints there"})
	defer w.share.Close()
	defer w.tidy(ctx)
	if !w.findsAsset(ctx) {
		return nil
	}
	seen := map[string]string{}
	ask := func() {
		open = slices.DeleteFunc(open, func(q question) bool {
			seen[q.operation] = w.lack(ctx, q)
			return seen[q.operation] == ""
		})
	}
	ask()
	if len(open) > 0 && s.Settle > 0 && wire.Sleep(ctx, s.Settle) { // the asset may show late there
		ask()
	}
	if ctx.Err() != nil {
		return nil
	}
	var all []report.Missing
	for _, q := range open {
		all = append(all, report.Missing{Endpoint: operationNamed(q.operation).endpoint(), Seen: seen[q.operation]})
	}
	return all
}

// wants tells whether a run is to check any fact of the endpoint.
func (s *session) wants(q question) bool {
	for _, f := range s.Facts {
		if f.Endpoint == operationNamed(q.operation).endpoint() {
			return true
		}
	}
	return false
}

// findsAsset makes the asset that is asked about, or takes the one that may be read,
// and waits until it can be.
func (w *world) findsAsset(ctx context.Context) bool {
	if w.session.ReadOnly {
		w.known[anAssetID.name] = wire.Part{Text: w.session.Values.AssetID}
		return true
	}
	if err := w.given(ctx, operationNamed("assets.create"), request{body: wire.Literal(sampleAsset), by: w.caller}); err != nil {
		return false
	}
	_, err := w.until(ctx, operationNamed("assets.get"), request{by: w.caller}, func(a *answer) { resembles(a, http.StatusOK) })
	return err == nil
}

// lack tells what of the answer about an existing asset is as if the endpoint were not
// there; "" where nothing is.
func (w *world) lack(ctx context.Context, q question) string {
	op := operationNamed(q.operation)
	a, err := w.perform(ctx, op, request{last: q.last, query: q.query, body: wire.Literal(q.body), by: w.caller})
	if err != nil || a.exchange.Trouble() != "" {
		return ""
	}
	e := a.exchange
	body, isJSON := e.JSON()
	says := e.StatusLine()
	switch {
	case e.Status == http.StatusUnauthorized || e.Status >= 500 && e.Status != http.StatusNotImplemented:
		return "" // it is there, however wrong
	case !isJSON && (e.Status/100 != 2 || len(e.Answer) > 0):
		return says + ", not in JSON"
	case e.Status == http.StatusMethodNotAllowed, e.Status == http.StatusNotImplemented:
		return says
	case e.Status != http.StatusNotFound:
		return ""
	case !q.lacks || body.Get("error").Type != gjson.String:
		return says
	case w.sameOfNone(ctx, q, body.Get("error").Str):
		return says + ", as one that is not there"
	}
	return ""
}

// sameOfNone tells whether an asset that is not there gets the same message as the one
// that is.
func (w *world) sameOfNone(ctx context.Context, q question, message string) bool {
	const none = "not-found-id"
	id := w.known[anAssetID.name]
	w.known[anAssetID.name] = wire.Part{Text: none}
	defer func() { w.known[anAssetID.name] = id }()
	a, err := w.perform(ctx, operationNamed(q.operation), request{last: q.last, query: q.query, body: wire.Literal(q.body), by: w.caller})
	if err != nil || a.exchange.Status != http.StatusNotFound {
		return false
	}
	body, _ := a.exchange.JSON()
	return strings.ReplaceAll(body.Get("error").Str, none, "") == strings.ReplaceAll(strings.ReplaceAll(message, none, ""), id.Text, "")
}
