package steps

import (
	"bytes"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strconv"
	"sync"

	"github.com/cucumber/gherkin/go/v42"
	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v34"
	"github.com/pocketcheck/pocketcheck/fixtures"
)

func readFeatures(files fs.FS) ([]godog.Feature, error) {
	paths, err := fs.Glob(files, "*.feature")
	if err != nil {
		return nil, err
	}
	var all []godog.Feature
	for _, path := range paths {
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		all = append(all, godog.Feature{Name: path, Contents: text})
	}
	return all, nil
}

// reading begins to read features and to take them apart, while the target is asked whether
// it is there.
func reading(files fs.FS) (read func() ([]godog.Feature, error)) {
	read = sync.OnceValues(func() ([]godog.Feature, error) {
		all, err := readFeatures(files)
		each(slices.Values(all), runtime.GOMAXPROCS(0), func(f godog.Feature) { outlineOf(f) })
		return all, err
	})
	go func() {
		var err error
		defer caught(&err) // as by who needs them
		_, err = read()
	}()
	return read
}

// wanted tells of a scenario whether it is to run.
type wanted func(id string, p *messages.Pickle) bool

// among wants the scenarios with one of these ids.
func among(ids map[string]bool) wanted {
	return func(id string, _ *messages.Pickle) bool { return ids[id] }
}

// checking wants the scenarios that check one of these facts; nil where these are
// all that can be checked.
func checking(selected map[string]fixtures.Fact) wanted {
	testable := 0
	for _, f := range fixtures.Facts() {
		if f.Untestable == "" {
			testable++
		}
	}
	if len(selected) == testable {
		return nil
	}
	isSelected := func(id string) bool { _, ok := selected[id]; return ok }
	return func(_ string, p *messages.Pickle) bool { return slices.ContainsFunc(factsOf(p), isSelected) }
}

// of gives the features with the wanted scenarios alone; all of them for nil. godog
// has filters, but parses, matches and stores what it then skips: most of the work
// where few are wanted.
func (w wanted) of(all []godog.Feature) []godog.Feature {
	if w == nil {
		return all
	}
	var some []godog.Feature
	for _, f := range all {
		if text := outlineOf(f).only(w); text != nil {
			some = append(some, godog.Feature{Name: f.Name, Contents: text})
		}
	}
	return some
}

// numberOf counts the scenarios of features.
func numberOf(all []godog.Feature) (n int) {
	for _, f := range all {
		n += len(outlineOf(f).ids)
	}
	return n
}

// outline tells which lines of a feature are whose.
type outline struct {
	lines  [][]byte
	owners [][]int // by line: the scenarios that it belongs to; none: it is everyone's
	ids    []string
	all    []*messages.Pickle
}

// outlines are those of the features that were looked into, by name and text.
var outlines sync.Map

func outlineOf(f godog.Feature) *outline {
	key := f.Name + "\n" + string(f.Contents)
	if known, ok := outlines.Load(key); ok {
		return known.(*outline)
	}
	o := newOutline(f)
	outlines.Store(key, o)
	return o
}

func newOutline(f godog.Feature) *outline {
	o := &outline{lines: bytes.SplitAfter(f.Contents, []byte("\n"))}
	o.owners = make([][]int, len(o.lines))
	last := 0
	newID := func() string { last++; return strconv.Itoa(last) }
	document, err := gherkin.ParseGherkinDocument(bytes.NewReader(f.Contents), newID)
	if err != nil || document.Feature == nil {
		return o // for godog to refuse
	}
	o.all = gherkin.Pickles(*document, f.Name, newID)
	of := map[string][]int{} // by the node that makes them
	for i, p := range o.all {
		o.ids = append(o.ids, scenarioID(p))
		for _, node := range p.AstNodeIds {
			of[node] = append(of[node], i)
		}
	}
	end := len(o.lines)
	for _, b := range slices.Backward(blocksOf(document.Feature)) {
		if b.scenario != nil {
			for line := b.start; line < end; line++ {
				o.owners[line] = of[b.scenario.Id]
			}
			for _, examples := range b.scenario.Examples {
				for _, row := range examples.TableBody {
					o.owners[row.Location.Line-1] = of[row.Id]
				}
			}
		}
		end = b.start
	}
	return o
}

// only gives the feature with empty lines where other scenarios stand, so that the
// wanted ones keep theirs; nil without any.
func (o *outline) only(w wanted) []byte {
	runs, some := make([]bool, len(o.all)), o.all == nil
	for i, p := range o.all {
		runs[i] = w(o.ids[i], p)
		some = some || runs[i]
	}
	if !some {
		return nil
	}
	var text bytes.Buffer
	for i, line := range o.lines {
		if len(o.owners[i]) == 0 || slices.ContainsFunc(o.owners[i], func(s int) bool { return runs[s] }) {
			text.Write(line)
		} else {
			text.WriteByte('\n')
		}
	}
	return text.Bytes()
}

// block is a part of a feature, from its tags to the next: a scenario, or the head
// of a rule, or a background.
type block struct {
	start    int // its first line, counted from 0
	scenario *messages.Scenario
}

func blocksOf(f *messages.Feature) (all []block) {
	add := func(at *messages.Location, tags []*messages.Tag, s *messages.Scenario) {
		if len(tags) > 0 {
			at = tags[0].Location
		}
		all = append(all, block{int(at.Line) - 1, s})
	}
	either := func(b *messages.Background, s *messages.Scenario) {
		if b != nil {
			add(b.Location, nil, nil)
		} else if s != nil {
			add(s.Location, s.Tags, s)
		}
	}
	for _, child := range f.Children {
		either(child.Background, child.Scenario)
		if child.Rule == nil {
			continue
		}
		add(child.Rule.Location, child.Rule.Tags, nil)
		for _, inRule := range child.Rule.Children {
			either(inRule.Background, inRule.Scenario)
		}
	}
	return all
}

func scenarioID(p *messages.Pickle) string { return fmt.Sprintf("%s:%d", p.Uri, p.Location.Line) }
