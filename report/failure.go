package report

import (
	"fmt"
	"net/http"
)

// Failure is a broken expectation: what the document says, what the target did.
type Failure struct {
	Message  string // what was checked
	Expected string // as JSON or in words
	Actual   string // as JSON or in words
	Path     string // where in the answer: "$.asset.title"; "" for the status
	Endpoint string // whose answer it was, as documented
	Status   int    // of that answer
	Wording  string // of a text that another level of wording accepts: which one
	Fails    string // what is wrong, in words that are the same from run to run: "status is 200, want 403"
	// Further are other members of the same answer that are wrong.
	Further []*Failure
}

// all gives the failure and what else is wrong with the answer.
func (f *Failure) all() []*Failure { return append([]*Failure{f}, f.Further...) }

func (f *Failure) Error() string {
	where := ""
	if f.Path != "" {
		where = f.Path + ": "
	}
	text := fmt.Sprintf("%s: %sis %s, want %s", f.Message, where, f.Actual, f.Expected)
	if n := len(f.Further); n > 0 {
		text += "; " + count(n, "other member") + " of the answer wrong, too"
	}
	if f.Wording != "" {
		text += "; --wording " + f.Wording + " accepts other texts"
	}
	return text
}

// place tells of a further member on one line.
func (f *Failure) place() string {
	return fmt.Sprintf("%s is %s, want %s", f.Path, f.Actual, f.Expected)
}

// grave orders failures by what they mean for whoever uses the target: an answer
// that is wrong, a status that is, a crash, and a request that was to be refused.
func grave(fails string) int {
	var status, want int
	if n, _ := fmt.Sscanf(fails, "status is %d, want %d", &status, &want); n == 0 {
		return 0
	}
	switch {
	case status < http.StatusMultipleChoices && want >= http.StatusBadRequest:
		return 3
	case status >= http.StatusInternalServerError:
		return 2
	}
	return 1
}
