package steps

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/cucumber/godog"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// Result is what a run of scenarios came to.
type Result struct {
	Scenarios   []report.Scenario // in the features' order
	Ledger      report.Ledger
	Interrupted bool
	Unreachable error               // the target gave no answer, at first or later
	Silent      error               // it gave none when the run was interrupted, and was waited for
	Refused     bool                // the target refuses the key
	Unfit       error               // something answers, but it is not the API, or not all of it
	Absent      bool                // the asset that is to be read is not there
	Missing     []report.Missing    // endpoints that seem not to be there
	Refusals    string              // how many requests were one too many, and what the target takes; "" where none was
	Unoffered   int                 // states that the states URL was asked for, where it offers none
	Redact      func(string) string // gives a text without the keys of the run, those that states handed out included
}

// Run asks whether the target is there and then runs the scenarios of the
// features that c selects. The error is a fault of the suite, and tells no key.
func Run(ctx context.Context, features fs.FS, c Config) (r *Result, err error) {
	s := newSession(c)
	defer s.close()
	ctx, over := wire.Ending(ctx)
	defer over()
	r = &Result{Redact: s.redact.Text}
	defer func() {
		if err != nil {
			err = r.told(err)
		}
	}()
	defer caught(&err)
	contents := reading(features)
	preflight := s.preflight
	if c.ReadOnly {
		preflight = s.preflightReading
	}
	if why := preflight(ctx); why != nil {
		r.stop(ctx, why)
	} else if err = s.runAll(ctx, contents, r); r.Unreachable != nil || r.Interrupted {
		err = nil
	}
	r.Silent = s.client.Silent()
	s.sweep(ctx)
	r.Refusals = s.client.Refusals()
	r.Ledger = s.ledger.close(s.redact.Shown)
	return r, err
}

// stop keeps what a preflight ended a run by.
func (r *Result) stop(ctx context.Context, why error) {
	obstacle, isUnfit := errors.AsType[unfit](why)
	switch {
	case ctx.Err() != nil, errors.Is(why, wire.ErrInterrupted):
		r.Interrupted = true
	case errors.Is(why, errRefused):
		r.Refused = true
	case errors.Is(why, errAbsent):
		r.Absent = true
	case isUnfit:
		r.Unfit = r.told(obstacle)
	default:
		r.Unreachable = r.told(why)
	}
}

// Told gives a text as a person may be told it, since a target may have its say in it:
// without the keys of the run, and on one line without control characters.
func (r *Result) Told(text string) string {
	if r.Redact != nil { // there was a run
		text = r.Redact(text)
	}
	return plain.Line(text)
}

func (r *Result) told(err error) error { return errors.New(r.Told(err.Error())) }

func (s *session) runAll(ctx context.Context, read func() ([]godog.Feature, error), r *Result) error {
	contents, err := read()
	if err != nil {
		return err
	}
	all := &collector{done: map[string]*world{}, sticking: newSticking()}
	take := func(_ context.Context, w *world) { all.take(w) }
	first := func(ctx context.Context, w *world) {
		all.take(w)
		if s.waiting.Load() == 0 { // there is nothing else to do while the last ones end
			for m := range s.unconfirmed(ctx) {
				s.confirm(ctx, m)
			}
		}
	}
	wanted := checking(s.Facts).of(contents)
	if s.Planned != nil {
		s.Planned(numberOf(wanted))
	}
	if err := s.run(ctx, wanted, &round{session: s, ended: first}); err != nil {
		return err
	}
	if again := all.which((*world).tooEarly); len(again) > 0 && ctx.Err() == nil {
		if err := s.run(ctx, among(again).of(contents), &round{session: s, patient: true, ended: take}); err != nil {
			return err
		}
	}
	if err := s.runAlone(ctx, contents, all); err != nil {
		return err
	}
	r.Interrupted = ctx.Err() != nil || all.interrupted()
	r.Unreachable = s.client.Gone()
	r.Scenarios = all.scenarios()
	r.Unoffered = s.states.unoffered()
	if !r.Interrupted && r.Unreachable == nil {
		r.Missing = s.missing(ctx)
	}
	return nil
}

// runAlone runs the scenarios that met trouble again, one after the other and each
// once the target answers, until it is known whose the trouble is. Where the target
// answers nothing else either, more tries would tell nothing.
func (s *session) runAlone(ctx context.Context, contents []godog.Feature, all *collector) error {
	defer s.client.Space(0)
	for _, id := range slices.Sorted(maps.Keys(all.which(all.undecided))) {
		one := among(map[string]bool{id: true})
		for try := 0; try < tries && (all.undecided(all.done[id]) || all.done[id].tooEarly()); try++ {
			if ctx.Err() != nil || all.sticking.nobody >= enough || s.client.Await(ctx, wire.Patience) != nil {
				break
			}
			if e := all.done[id].met(); e != nil && e.Trouble().Busy() {
				s.client.Space(gaps[min(try, len(gaps)-1)])
			}
			if err := s.run(ctx, one.of(contents), s.alone(id, all)); err != nil {
				return err
			}
		}
		s.client.Space(0)
	}
	all.decide()
	return nil
}

// alone is a round of one scenario, with patience where it was too early before.
func (s *session) alone(id string, all *collector) *round {
	before := all.done[id]
	return &round{session: s, patient: before.patient || before.tooEarly(), ended: func(ctx context.Context, w *world) {
		all.again(w, w.met() == nil || s.answersOthers(ctx, w.met()))
	}}
}

// run lets godog run the scenarios of the features, once. Its own reports show
// skipped ones wrongly, so nothing but its hooks is used.
func (s *session) run(ctx context.Context, features []godog.Feature, r *round) error {
	if len(features) == 0 { // godog would look into a folder of its own
		return nil
	}
	useSilentFormat()
	s.waiting.Store(int64(numberOf(features)))
	var trouble bytes.Buffer
	status := godog.TestSuite{
		// Once for the suite: godog would compile the sentences anew for every scenario.
		TestSuiteInitializer: func(t *godog.TestSuiteContext) { Initialize(t.ScenarioContext()) },
		Options: &godog.Options{
			Format: silentFormat, Output: &trouble, Strict: true, NoColors: true,
			FeatureContents: features,
			Concurrency:     max(s.Concurrency, 1), Randomize: s.Shuffle, DefaultContext: r.within(ctx),
		},
	}.Run()
	if status > 1 {
		return fmt.Errorf("fault of the suite: godog refuses the features (status %d) %s", status, trouble.String())
	}
	return r.fault
}
