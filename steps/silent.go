package steps

import (
	"io"
	"sync"

	"github.com/cucumber/godog"
	"github.com/cucumber/godog/formatters"
	messages "github.com/cucumber/messages/go/v34"
)

// silentFormat is a format of godog that prints nothing.
const silentFormat = "pocketcheck"

var useSilentFormat = sync.OnceFunc(func() {
	godog.Format(silentFormat, "prints nothing", func(string, io.Writer) formatters.Formatter { return silent{} })
})

type silent struct{}

func (silent) TestRunStarted()                                                                {}
func (silent) Feature(*messages.GherkinDocument, string, []byte)                              {}
func (silent) Pickle(*messages.Pickle)                                                        {}
func (silent) Defined(*messages.Pickle, *messages.PickleStep, *godog.StepDefinition)          {}
func (silent) Failed(*messages.Pickle, *messages.PickleStep, *godog.StepDefinition, error)    {}
func (silent) Passed(*messages.Pickle, *messages.PickleStep, *godog.StepDefinition)           {}
func (silent) Skipped(*messages.Pickle, *messages.PickleStep, *godog.StepDefinition)          {}
func (silent) Undefined(*messages.Pickle, *messages.PickleStep, *godog.StepDefinition)        {}
func (silent) Pending(*messages.Pickle, *messages.PickleStep, *godog.StepDefinition)          {}
func (silent) Ambiguous(*messages.Pickle, *messages.PickleStep, *godog.StepDefinition, error) {}
func (silent) Summary()                                                                       {}
