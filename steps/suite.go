package steps

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v34"
	"github.com/pocketcheck/pocketcheck/fixtures"
)

// Result is what a run of scenarios came to.
type Result struct {
	Scenarios   []Scenario // in the features' order
	Ledger      Ledger
	Interrupted bool
	Unreachable error // the target gave no answer, at first or later
	Refused     bool  // the target refuses the key

	redact *redactor
}

// Redact gives a text without the keys of the run, those that provider states
// handed out included.
func (r *Result) Redact(text string) string { return r.redact.text(text) }

// Run asks whether the target is there and then runs the scenarios of the
// features that c selects. The error is a fault of the suite.
func Run(ctx context.Context, features fs.FS, c Config) (*Result, error) {
	s := newSession(c)
	defer s.close()
	r := &Result{redact: s.redact}
	refused, err := s.probe(ctx)
	switch {
	case ctx.Err() != nil:
		r.Interrupted = true
	case err != nil:
		r.Unreachable = errors.New(r.Redact(err.Error()))
	case refused:
		r.Refused = true
	default:
		err = s.runAll(ctx, features, r)
	}
	r.Ledger = s.ledger.book
	for i := range r.Ledger.LeftBehind {
		r.Ledger.LeftBehind[i] = clip(r.Redact(r.Ledger.LeftBehind[i]))
	}
	if r.Unreachable != nil || r.Refused || r.Interrupted {
		err = nil
	}
	return r, err
}

func (s *session) runAll(ctx context.Context, features fs.FS, r *Result) error {
	contents, err := s.read(features)
	if err != nil || len(contents) == 0 { // godog would look into a folder of its own
		return err
	}
	all := &collector{session: s, done: map[string]ended{}}
	if err := all.run(ctx, contents, s.Concurrency); err != nil {
		return err
	}
	if again := all.uncertain(); len(again) > 0 && ctx.Err() == nil {
		all.only = again
		if err := all.run(ctx, contents, s.Concurrency); err != nil {
			return err
		}
	}
	r.Interrupted = ctx.Err() != nil || all.interrupted()
	if s.recorder.dead() {
		r.Unreachable = ErrUnreachable
	}
	r.Scenarios = all.scenarios()
	return nil
}

// read gives the features that have a selected fact: godog would parse the
// others only to leave them out.
func (s *session) read(features fs.FS) ([]godog.Feature, error) {
	paths, err := fs.Glob(features, "*.feature")
	if err != nil {
		return nil, err
	}
	var contents []godog.Feature
	for _, path := range paths {
		text, err := fs.ReadFile(features, path)
		if err != nil {
			return nil, err
		}
		for _, tag := range factTag.FindAllSubmatch(text, -1) {
			if _, ok := s.Facts[string(tag[1])]; ok {
				contents = append(contents, godog.Feature{Name: path, Contents: text})
				break
			}
		}
	}
	return contents, nil
}

var factTag = regexp.MustCompile(`@(\S+)`)

// collector takes in what became of the scenarios. godog's own reports show
// skipped ones wrongly, so nothing but its hooks is used.
type collector struct {
	session *session
	only    map[string]bool // the scenarios of a second run; nil: all
	mu      sync.Mutex
	done    map[string]ended
}

type ended struct {
	place  int // in the features' order
	world  *world
	result Scenario

	interrupted bool
}

func (c *collector) run(ctx context.Context, features []godog.Feature, concurrency int) error {
	useSilentFormat()
	tags := c.session.tags()
	var trouble bytes.Buffer
	status := godog.TestSuite{
		TestSuiteInitializer: func(t *godog.TestSuiteContext) {
			sc := t.ScenarioContext()
			register(sc)
			sc.Before(c.begin)
			sc.StepContext().Before(follow)
			sc.After(c.end)
		},
		Options: &godog.Options{
			Format: silentFormat, Output: &trouble, Strict: true, NoColors: true,
			Tags: strings.Join(tags, ","), FeatureContents: features,
			Concurrency: max(concurrency, 1), Randomize: c.session.Shuffle, DefaultContext: ctx,
		},
	}.Run()
	if status > 1 {
		return fmt.Errorf("fault of the suite: godog refuses the features (status %d) %s", status, trouble.String())
	}
	return nil
}

// tags selects the scenarios of the facts to check; none where that is all of
// them, which spares godog the search.
func (s *session) tags() []string {
	testable := 0
	for _, f := range fixtures.Facts() {
		if f.Untestable == "" {
			testable++
		}
	}
	if len(s.Facts) == testable {
		return nil
	}
	var tags []string
	for id := range s.Facts {
		tags = append(tags, "@"+id)
	}
	return tags
}

// identity tells scenarios apart across runs; rows of an outline share a name.
func identity(p *godog.Scenario) string {
	var b strings.Builder
	b.WriteString(p.Uri + "\n" + p.Name)
	for _, step := range p.Steps {
		b.WriteString("\n" + step.Text)
		if step.Argument != nil && step.Argument.DocString != nil {
			b.WriteString("\n" + step.Argument.DocString.Content)
		}
	}
	return b.String()
}

func (c *collector) begin(ctx context.Context, p *godog.Scenario) (context.Context, error) {
	if c.only != nil && !c.only[identity(p)] {
		return ctx, godog.ErrSkip
	}
	var facts []string
	for _, tag := range p.Tags {
		facts = append(facts, strings.TrimPrefix(tag.Name, "@"))
	}
	w := c.session.newWorld(p.Name, facts)
	w.patient, w.steps, w.begun = c.only != nil, stepsOf(p), time.Now()
	ctx = context.WithValue(ctx, worldKey{}, w)
	if ctx.Err() != nil {
		return ctx, ErrInterrupted
	}
	if c.session.recorder.dead() {
		return ctx, ErrUnreachable
	}
	return ctx, nil
}

// keywords are what the features call the kinds of steps.
var keywords = map[messages.PickleStepType]string{
	messages.PickleStepType_CONTEXT: "Given", messages.PickleStepType_ACTION: "When", messages.PickleStepType_OUTCOME: "Then",
}

func stepsOf(p *godog.Scenario) []Step {
	var steps []Step
	for _, s := range p.Steps {
		step := Step{Keyword: keywords[s.Type], Text: s.Text}
		if s.Argument != nil && s.Argument.DocString != nil {
			step.Argument = s.Argument.DocString.Content
		}
		steps = append(steps, step)
	}
	return steps
}

// follow keeps the step that a scenario is at.
func follow(ctx context.Context, step *godog.Step) (context.Context, error) {
	if w, ok := ctx.Value(worldKey{}).(*world); ok && !w.over {
		w.step = step.Text
	}
	return ctx, nil
}

func (c *collector) end(ctx context.Context, p *godog.Scenario, err error) (context.Context, error) {
	w, ok := ctx.Value(worldKey{}).(*world)
	if !ok || w.over { // not begun, or a skipped step after the end
		return ctx, nil
	}
	w.over = true
	w.tidy(ctx)
	result := w.result(p.Uri, err)
	w.forget()
	c.mu.Lock()
	c.done[identity(p)] = ended{place(p), w, result, errors.Is(err, ErrInterrupted)}
	c.mu.Unlock()
	if c.session.Progress != nil {
		c.session.Progress(Scenario{
			Name: result.Name, Feature: p.Uri, Facts: result.Facts, Outcome: result.Outcome, Duration: result.Duration,
		})
	}
	return ctx, nil
}

// place orders scenarios as the features do.
func place(p *godog.Scenario) int {
	if p.Location == nil {
		return 0
	}
	return int(p.Location.Line)
}

func (c *collector) uncertain() map[string]bool {
	again := map[string]bool{}
	for id, e := range c.done {
		if e.result.Outcome != Passed && e.world.uncertain() {
			again[id] = true
		}
	}
	return again
}

// interrupted tells of a run whose end came before a request's turn.
func (c *collector) interrupted() bool {
	for _, e := range c.done {
		if e.interrupted {
			return true
		}
	}
	return false
}

// scenarios gives the results, in the features' order, once all keys are known
// that must not be shown.
func (c *collector) scenarios() []Scenario {
	all := make([]ended, 0, len(c.done))
	for _, e := range c.done {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b ended) int {
		return cmp.Or(cmp.Compare(a.result.Feature, b.result.Feature), cmp.Compare(a.place, b.place))
	})
	shown := make([]Scenario, len(all))
	for i, e := range all {
		shown[i] = e.world.show(e.result, c.session.redact)
	}
	return shown
}
