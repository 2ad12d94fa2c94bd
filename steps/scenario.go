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
	s.Uses, s.Duration, s.Outcome = slices.Sorted(maps.Keys(w.trace.asked)), time.Since(w.begun), report.Passed
	if err == nil {
		s.Step = ""
		return
	}
	s.Reason = w.session.redact.Shorten(err.Error())
	if b, ok := errors.AsType[*broken](err); ok {
		s.Failure = &b.Failure
		s.Failure.Actual = w.session.redact.Shorten(s.Failure.Actual)
	}
	block, isBlocked := errors.AsType[*blocked](err)
	lacks, isLacking := errors.AsType[*unprovisioned](err)
	switch {
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

// forget lets go of what only the steps needed.
func (w *world) forget() {
	w.expect, w.judge, w.when = nil, judge{}, when{}
	for _, e := range w.trace.exchanges {
		e.Answer = []byte(w.session.redact.Shorten(string(e.Answer)))
	}
}

// show gives what a report may tell of the scenario, once all keys are known that
// must not be shown.
func (w *world) show() report.Scenario {
	s, text := w.told, w.session.redact.Shown
	s.Reason = text(s.Reason)
	if s.Failure != nil {
		f := *s.Failure
		f.Message, f.Expected, f.Actual, f.Path = text(f.Message), text(f.Expected), text(f.Actual), text(f.Path)
		f.Fails = lasting(f, w.known)
		s.Failure = &f
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

// uncertain tells that the scenario must run once more: a write of it met
// trouble on the way, or an effect was looked for too early. Neither says
// anything of the target yet.
func (w *world) uncertain() bool {
	return w.hasty || slices.ContainsFunc(w.trace.exchanges, func(e *wire.Exchange) bool { return e.Uncertain() && !e.States })
}
