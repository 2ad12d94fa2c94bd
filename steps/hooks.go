package steps

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v34"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// round is one run of scenarios against a target. Its hooks find it in their
// context.
type round struct {
	session *session
	patient bool
	ended   func(context.Context, *world)

	mu    sync.Mutex
	fault error // of the hooks, which godog has no place for
}

func (r *round) keepFault(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = cmp.Or(r.fault, err)
}

type roundKey struct{}

func (r *round) within(ctx context.Context) context.Context {
	return context.WithValue(ctx, roundKey{}, r)
}

// Against gives the context in which godog runs the scenarios against the target
// of c, as its Options.DefaultContext. Of c, what selects and orders scenarios is
// godog's then. The end of ctx lets go of the connections.
func Against(ctx context.Context, c Config) context.Context {
	s := newSession(c)
	context.AfterFunc(ctx, s.close)
	return (&round{session: s, ended: func(context.Context, *world) {}}).within(ctx)
}

var errNoTarget = errors.New("there is no target; give the suite a DefaultContext from steps.Against")

// begin gives a scenario its world.
func begin(ctx context.Context, p *godog.Scenario) (context.Context, error) {
	r, ok := ctx.Value(roundKey{}).(*round)
	if !ok {
		return ctx, errNoTarget
	}
	r.session.waiting.Add(-1)
	w := r.session.newWorld(report.Scenario{ID: scenarioID(p), Name: p.Name, Feature: p.Uri, Facts: factsOf(p), Steps: stepsOf(p)})
	w.patient = r.patient
	switch {
	case ctx.Err() != nil:
		w.err = wire.ErrInterrupted
	case r.session.client.Gone() != nil:
		w.err = errUnreachable
	case r.session.ReadOnly && !reads(w.told.Facts):
		w.err = wire.ErrReadOnly
	}
	return context.WithValue(ctx, worldKey{}, w), w.err
}

// factsOf gives what a scenario checks. Its other tags say what a target must be
// provisioned with, for who reads.
func factsOf(p *godog.Scenario) (ids []string) {
	for _, tag := range p.Tags {
		if id := strings.TrimPrefix(tag.Name, "@"); !strings.HasPrefix(id, "needs:") {
			ids = append(ids, id)
		}
	}
	return ids
}

// keywords are what the features call the kinds of steps.
var keywords = map[messages.PickleStepType]string{
	messages.PickleStepType_CONTEXT: "Given", messages.PickleStepType_ACTION: "When", messages.PickleStepType_OUTCOME: "Then",
}

func stepsOf(p *godog.Scenario) []report.Step {
	var steps []report.Step
	for _, s := range p.Steps {
		step := report.Step{Keyword: keywords[s.Type], Text: s.Text}
		if s.Argument != nil && s.Argument.DocString != nil {
			step.Argument = s.Argument.DocString.Content
		}
		steps = append(steps, step)
	}
	return steps
}

// follow keeps the step that a scenario is at.
func follow(ctx context.Context, step *godog.Step) (context.Context, error) {
	if w, ok := ctx.Value(worldKey{}).(*world); ok && w.err == nil {
		w.told.Step = step.Text
	}
	return ctx, nil
}

// keep keeps what ended the steps: godog forgets it where they are skipped.
func keep(ctx context.Context, _ *godog.Step, _ godog.StepResultStatus, err error) (context.Context, error) {
	if w, ok := ctx.Value(worldKey{}).(*world); ok && w.err == nil {
		defer caught(&w.err)
		w.err = w.misnamed(ctx, w.strangers(ctx, err))
	}
	return ctx, nil
}

// end removes what a scenario made and tells what became of it.
func end(ctx context.Context, _ *godog.Scenario, _ error) (context.Context, error) {
	w, ok := ctx.Value(worldKey{}).(*world)
	if !ok || w.over { // not begun, or a skipped step after the end
		return ctx, nil
	}
	w.over = true
	r := ctx.Value(roundKey{}).(*round)
	r.keepFault(w.leave(ctx, r))
	return ctx, nil
}

// leave ends a scenario.
func (w *world) leave(ctx context.Context, r *round) (fault error) {
	defer caught(&fault)
	w.tidy(ctx)
	w.conclude()
	w.forget()
	r.ended(ctx, w)
	return nil
}
