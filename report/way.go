package report

import "slices"

// way is how a scenario fails: by one member of an answer, or by a status.
type way struct{ scenario, fails string }

// named tells it from how other scenarios of the fact fail: that an unknown key is
// let in is another failure than that none is needed.
func (w way) named() string { return w.scenario + ": " + w.fails }

// isAmong tells whether a list of known failures has it, for its scenario or for all
// of the fact.
func (w way) isAmong(list []string) bool {
	return slices.Contains(list, w.fails) || slices.Contains(list, w.named())
}

// ways gives how the scenarios of a fact fail.
func (f Result) ways() (all []way) {
	for _, s := range f.Scenarios {
		if s.Outcome != Failed || s.Failure == nil {
			continue
		}
		for _, failure := range s.Failure.all() {
			all = append(all, way{s.Name, failure.Fails})
		}
	}
	return all
}

// fails gives each of them once, for a list: without a name where all scenarios of
// the fact fail so.
func (f Result) fails() (all []string) {
	ways := f.ways()
	everywhere := func(fails string) bool {
		return !slices.ContainsFunc(f.Scenarios, func(s Scenario) bool { return !slices.Contains(ways, way{s.Name, fails}) })
	}
	for _, w := range ways {
		text := w.named()
		if everywhere(w.fails) {
			text = w.fails
		}
		if !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// ways gives how the scenarios of a failed fact fail, as a report tells it.
func (f jsonFact) ways() (all []way) {
	for _, failure := range f.Failures {
		if f.Outcome != Failed || failure.Fails == "" {
			continue
		}
		all = append(all, way{failure.Scenario, failure.Fails})
		for _, further := range failure.Further {
			all = append(all, way{failure.Scenario, further.Fails})
		}
	}
	return all
}

// texts gives what is told of each, sorted and once.
func texts(ways []way, of func(way) string) (all []string) {
	for _, w := range ways {
		all = append(all, of(w))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
