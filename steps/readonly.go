package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/match"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/tidwall/gjson"
)

// unread says what a scenario of a run that only reads would have needed.
func unread(format string, args ...any) error {
	return readOnlyError("read only: " + fmt.Sprintf(format, args...))
}

type readOnlyError string

func (e readOnlyError) Error() string      { return string(e) }
func (readOnlyError) Is(target error) bool { return target == wire.ErrReadOnly }

// reads tells whether the facts of a scenario are about a GET.
func reads(facts []string) bool {
	return len(facts) > 0 && strings.HasPrefix(fixtures.FactOf(facts[0]).Endpoint, http.MethodGet+" ")
}

// named is a Given about a thing that the configuration names, in place of one that
// the scenario would make.
func (w *world) named(name, id string) error {
	switch {
	case w.naming != "": // a second one would have to be made
		return wire.ErrReadOnly
	case id == "":
		return unread("it takes the value %s", wire.VariableOf(name))
	}
	w.known[name] = wire.Part{Text: id}
	return nil
}

// namedComment is one of the asset that is named. Where it is not there, that is no
// target's fault.
func (w *world) namedComment(ctx context.Context) error {
	if err := w.named("comment id", w.session.Values.CommentID); err != nil {
		return err
	}
	return w.isThere(ctx, "comments.get", "", "comment_id")
}

// namedMedia is one of the asset that is named.
func (w *world) namedMedia(ctx context.Context) error {
	if err := w.named("media id", w.session.Values.MediaID); err != nil {
		return err
	}
	return w.isThere(ctx, "media.download_url", "filename=test.png", "media_id")
}

// isThere asks for a thing that the configuration names.
func (w *world) isThere(ctx context.Context, operation, query, value string) error {
	w.trace.paused = true
	defer func() { w.trace.paused = false }()
	a, err := w.perform(ctx, operationNamed(operation), request{query: query, by: w.caller})
	if err == nil && a.exchange.Status == http.StatusNotFound {
		return fmt.Errorf("the target answers 404 for the value %s, %q; name what is there", value, w.known[knownOf[value]].Text)
	}
	return err
}

// errAbsent is the end of a run that has nothing to read.
var errAbsent = errors.New("the asset that is to be read is not there")

// preflightReading asks the target for the asset that is to be read, before any
// scenario. The error is as of [session.preflight], or errAbsent.
func (s *session) preflightReading(ctx context.Context) error {
	w := s.newWorld(report.Scenario{Name: "is the target there"})
	defer w.share.Close()
	w.known[anAssetID.name] = wire.Part{Text: s.Values.AssetID}
	a, err := w.perform(ctx, operationNamed("assets.get"), request{by: w.caller})
	switch {
	case errors.Is(err, wire.ErrInterrupted):
		return err
	case err != nil:
		return s.silence(w.trace.exchanges[0])
	}
	if why := wire.Obstacle(a.exchange); why != "" {
		return unfit{errors.New(why + wire.Via(s.URL))}
	}
	switch a.exchange.Status {
	case http.StatusUnauthorized:
		return errRefused
	case http.StatusNotFound:
		return errAbsent
	}
	return nil
}

// mayLack are what a thing that the suite did not make need not have.
var mayLack = map[string]bool{"description": true, "category": true}

// isConstant are the members that are the same of any asset.
var isConstant = map[string]bool{"event_type": true, "target_type": true}

// pattern gives the pattern of a feature. Where nothing was made, there is nothing to
// compare with, so that it becomes one for any thing of its kind; of a fact that
// follows from what was written, that leaves nothing.
func (w *world) pattern(text string) (string, error) {
	if !w.session.ReadOnly {
		return text, nil
	}
	written := gjson.Parse(text)
	whole, loose := encoded(written.Value()), encoded(kindOf("", written.Value()))
	if fixtures.FactOf(w.told.Facts[0]).Tier == "derived" && loose != whole {
		return "", unread("it takes what was written just before")
	}
	return loose, nil
}

// encoded gives a pattern as a reader knows it: json.Marshal would escape its <.
func encoded(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // it came from JSON
	return strings.TrimSpace(b.String())
}

func kindOf(name string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, child := range v {
			v[k] = kindOf(k, child)
		}
	case []any:
		if len(v) == 0 {
			return "#array"
		}
		if text, isText := v[0].(string); isText && !match.IsPlaceholder(text) {
			return []any{"#each", "#string"}
		}
		for i := range v {
			v[i] = kindOf("", v[i])
		}
	case string:
		switch {
		case match.IsPlaceholder(v), isConstant[name]:
			return v
		case mayLack[name]:
			return "#string or null"
		}
		return "#string"
	case float64:
		return "#number"
	case nil: // as of what was never in the trash bin
		return "#anything"
	}
	return v
}
