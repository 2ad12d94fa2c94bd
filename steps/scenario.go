package steps

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// conclude closes a scenario by what ended its steps.
func (w *world) conclude() {
	s, err := &w.told, w.err
	s.Uses, s.Outcome, s.By, s.Cause, s.Failure = slices.Sorted(maps.Keys(w.trace.asked)), report.Passed, "", "", nil
	if err == nil {
		s.Step = ""
		return
	}
	s.Reason = w.session.redact.Shorten(err.Error())
	if unset, ok := errors.AsType[*notSetUp](err); ok && !errors.Is(err, wire.ErrInterrupted) {
		s.Cause = w.session.redact.Shorten(unset.why())
	}
	if w.troubled() {
		s.Outcome, s.Reason = report.Errored, s.Reason+"; "+advice(w.met().Trouble())
		return
	}
	s.Failure = w.failure(err)
	block, isBlocked := errors.AsType[*blocked](err)
	lacks, isLacking := errors.AsType[*unprovisioned](err)
	switch {
	case errors.Is(err, wire.ErrReadOnly):
		s.Outcome = report.Deselected
	case isBlocked:
		s.Outcome, s.By = report.Blocked, block.by
	case isLacking:
		s.Outcome, s.State = report.Unprovisioned, lacks.state
	case s.Failure != nil:
		s.Outcome = report.Failed
	default:
		s.Outcome = report.Errored
	}
}

// failure is what a report tells of what ended a scenario: that something of an answer
// was wrong, or that there never is one.
func (w *world) failure(err error) *report.Failure {
	var f report.Failure
	b, isBroken := errors.AsType[*broken](err)
	silent, isSilent := errors.AsType[*noAnswer](err)
	switch {
	case isBroken:
		f = b.Failure
	case isSilent && silent.endpoint != "" && !silent.isUnread():
		f = silent.failure()
	default:
		return nil
	}
	w.shorten(&f)
	return &f
}

// shorten cuts what a failure has of an answer to what outlives its scenario.
func (w *world) shorten(f *report.Failure) {
	for _, part := range append(f.Further, f) {
		part.Expected, part.Actual = w.session.redact.Shorten(part.Expected), w.session.redact.Shorten(part.Actual)
	}
}

// ended is an error that came to its conclusion, without the answer that it tells of.
func ended(err error, reason string) error {
	if errors.Is(err, wire.ErrInterrupted) {
		return wire.ErrInterrupted
	}
	return errors.New(reason)
}

// forget lets go of what only the steps needed: parts of an answer keep the whole of it
// in memory.
func (w *world) forget() {
	w.expect, w.judge, w.when, w.before, w.trace.aside = nil, judge{}, when{}, nil, nil
	if w.err != nil && !w.troubled() { // which is concluded again
		w.err = ended(w.err, w.told.Reason)
	}
	w.told.Duration = time.Since(w.begun) - w.waited
	for _, e := range w.trace.exchanges {
		e.Forget(w.session.redact)
	}
	w.share.Close()
}

// show gives what a report may tell of the scenario, once all keys are known that
// must not be shown.
func (w *world) show() report.Scenario {
	s, text := w.told, w.session.redact.Shown
	s.Reason, s.Cause = text(s.Reason), text(s.Cause)
	if s.Failure != nil {
		f := w.shown(*s.Failure)
		f.Further = nil
		for _, further := range s.Failure.Further {
			also := w.shown(*further)
			f.Further = append(f.Further, &also)
		}
		s.Failure = &f
	}
	if errors.Is(w.err, wire.ErrInterrupted) { // it was as good as not reached
		return s
	}
	for _, e := range w.trace.exchanges {
		s.Exchanges = append(s.Exchanges, e.Shown(text))
	}
	if s.Outcome != report.Passed {
		var removal []*wire.Exchange
		for _, m := range w.own.made {
			if m.comment.Text == "" && m.asset.Variable != "" { // a comment goes with its asset
				removal = append(removal, w.removal(m))
			}
		}
		s.Curl = w.session.redact.Text(wire.Script{
			Exchanges: w.trace.exchanges, Removal: removal, Connection: w.session.Connection, Ends: ends(s),
		}.String())
	}
	return s
}

func (w *world) shown(f report.Failure) report.Failure {
	text := w.session.redact.Shown
	f.Message, f.Expected, f.Actual, f.Path = text(f.Message), text(f.Expected), text(f.Actual), text(f.Path)
	f.Fails = lasting(f, w.known)
	return f
}

// ends tells what a script is to show, as it was seen.
func ends(s report.Scenario) []string {
	const longest = 300
	line := func(what, text string) string {
		runes := []rune(plain.Line(text))
		if len(runes) > longest {
			runes = append(runes[:longest], '…')
		}
		return what + ": " + string(runes)
	}
	if s.Failure == nil {
		return []string{line("seen", s.Reason)}
	}
	where := ""
	if s.Failure.Path != "" {
		where = s.Failure.Path + " is "
	}
	return []string{line("expected", where+s.Failure.Expected), line("seen", where+s.Failure.Actual)}
}

// tooEarly tells that what a scenario met may only have come too early, and that it is to
// run again with more time: an effect was looked for at once, or a thing of its own was
// not found.
func (w *world) tooEarly() bool {
	return w.told.Outcome != report.Passed && !w.patient && w.session.Settle > 0 && (w.hasty || w.missed)
}
