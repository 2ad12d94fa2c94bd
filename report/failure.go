package report

import "fmt"

// Failure is a broken expectation: what the document says, what the target did.
type Failure struct {
	Message  string // what was checked
	Expected string // as JSON or in words
	Actual   string // as JSON or in words
	Path     string // where in the answer: "$.asset.title"; "" for the status
	Endpoint string // whose answer it was, as documented
	Status   int    // of that answer
}

func (f *Failure) Error() string {
	where := ""
	if f.Path != "" {
		where = f.Path + ": "
	}
	return fmt.Sprintf("%s: %sis %s, want %s", f.Message, where, f.Actual, f.Expected)
}
