//go:build unix

package performance

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"

	"github.com/cucumber/godog"
	"github.com/cucumber/godog/formatters"
	"github.com/gavv/httpexpect/v2"

	"github.com/pocketcheck/pocketcheck/features"
)

// floor measures what a run can't do without: godog with our features, of which no step
// does anything, and the requests by httpexpect, of which no more is asked than their status.
func (b bench) floor(file string) {
	b.Helper()
	var alone, sending, both []float64
	for range rounds {
		least := b.do([]string{loopMode + "=" + file}, os.Args[0], b.url).cpu.Seconds()
		steps := b.do([]string{idleMode + "=1"}, os.Args[0]).cpu.Seconds()
		requests := b.do([]string{loopMode + "=" + file, expectMode + "=1"}, os.Args[0], b.url).cpu.Seconds()
		alone, sending, both = append(alone, steps/least), append(sending, requests/least), append(both, (steps+requests)/least)
	}
	b.row("of which godog, with steps that do nothing", "", alone, "")
	b.row("and the requests by httpexpect, one after the other", "", sending, "")
	b.row("the floor of processor time: both", "", both, "")
}

// idle has godog run the features with steps that do nothing.
func idle() error {
	var all []godog.Feature
	paths, err := fs.Glob(features.All(), "*.feature")
	if err != nil {
		return err
	}
	for _, path := range paths {
		text, err := fs.ReadFile(features.All(), path)
		if err != nil {
			return err
		}
		all = append(all, godog.Feature{Name: path, Contents: text})
	}
	godog.Format("idle", "prints nothing", func(string, io.Writer) formatters.Formatter { return godog.NewBaseFmt("", io.Discard) })
	status := godog.TestSuite{
		TestSuiteInitializer: func(t *godog.TestSuiteContext) { t.ScenarioContext().Step(".", func() {}) },
		Options:              &godog.Options{Format: "idle", Output: io.Discard, Strict: true, FeatureContents: all, Concurrency: concurrency},
	}.Run()
	if status != 0 {
		return fmt.Errorf("godog ends with %d", status)
	}
	return nil
}

// sendByHTTPExpect sends as the steps do.
func (s sent) sendByHTTPExpect(target string, ids []string) (status int, answer []byte, err error) {
	defer func() {
		if failed := recover(); failed != nil {
			err = fmt.Errorf("%v", failed)
		}
	}()
	e := httpexpect.WithConfig(httpexpect.Config{Client: http.DefaultClient, Reporter: panicking{}})
	r := e.Request(s.Method, "").WithURL(target + join(s.Path, ids)).WithBytes([]byte(join(s.Body, ids)))
	for name, values := range s.Header {
		r.WithHeader(name, strings.Join(values, ", "))
	}
	got := r.Expect().Status(s.Status)
	return s.Status, []byte(got.Body().Raw()), nil
}

type panicking struct{}

func (panicking) Errorf(message string, args ...any) { panic(fmt.Sprintf(message, args...)) }
