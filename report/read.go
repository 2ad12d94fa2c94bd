package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

const (
	longestReport = 64 << 20 // bytes; one in which every fact fails has less than a tenth
	deepestReport = 32       // values within values
)

// Record is a JSON report as it was read: whoever wrote it may have changed it.
// [Record.Verify] tells whether it holds together.
type Record struct{ jsonReport }

// ReadJSON reads what [Report.WriteJSON] wrote, in this version or an older one.
// The error tells why it is no such report. Members that it does not know are left
// out.
func ReadJSON(r io.Reader) (*Record, error) {
	var b bytes.Buffer // which copies a long text less often than io.ReadAll
	if _, err := b.ReadFrom(io.LimitReader(r, longestReport+1)); err != nil {
		return nil, err
	}
	text := bytes.TrimPrefix(b.Bytes(), []byte("\ufeff")) // a byte order mark is none of it
	if len(text) > longestReport {
		return nil, fmt.Errorf("it is longer than %d MiB", longestReport>>20)
	}
	if err := checkMembers(text); err != nil {
		return nil, fmt.Errorf("not a JSON report: %w", err)
	}
	var record Record
	if err := json.Unmarshal(text, &record); err != nil {
		return nil, fmt.Errorf("not a JSON report: %w", err)
	}
	own, _, _ := strings.Cut(schemaVersion, ".")
	switch major, _, _ := strings.Cut(record.Schema, "."); {
	case record.Schema == "":
		return nil, errors.New("not a JSON report: it has no schema_version")
	case major != own:
		return nil, fmt.Errorf("its schema version is %q, and this pocketcheck reads %s.x", record.Schema, own)
	}
	if len(record.Facts) == 0 {
		return nil, errors.New("not a JSON report: it has no facts")
	}
	return &record, nil
}

// checkMembers refuses what two readers may read differently: a member that is
// there twice, and text behind the value. Case is no difference: encoding/json
// ignores it. Numbers that no float64 holds are refused on the way.
func checkMembers(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	var open []map[string]bool // the members of each object that is not closed; nil: an array
	name := false              // the next token is a member's name
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		inObject := len(open) > 0 && open[len(open)-1] != nil
		switch token := token.(type) {
		case json.Delim:
			if open, err = nested(open, token); err != nil {
				return err
			}
			name = len(open) > 0 && open[len(open)-1] != nil
		case string:
			if folded := strings.ToLower(strings.ToUpper(token)); inObject && name {
				if open[len(open)-1][folded] {
					return fmt.Errorf("the member %q is there twice", token)
				}
				open[len(open)-1][folded] = true
			}
			name = inObject && !name
		default:
			name = inObject
		}
		if len(open) == 0 {
			return behind(d)
		}
	}
}

func nested(open []map[string]bool, token json.Delim) ([]map[string]bool, error) {
	switch {
	case token == '}' || token == ']':
		return open[:len(open)-1], nil
	case len(open) == deepestReport:
		return nil, errors.New("values lie too deep in each other")
	case token == '{':
		return append(open, map[string]bool{}), nil
	}
	return append(open, nil), nil
}

func behind(d *json.Decoder) error {
	if _, err := d.Token(); err != io.EOF {
		return errors.New("there is text behind it")
	}
	return nil
}

// report gives what the record says, as the report that it was.
func (r *Record) report() *Report {
	report := &Report{
		Verdict: r.Verdict, Stopped: r.Reason, Target: r.Target, Embedded: r.Target == embedded,
		Insecure: r.Insecure, ReadOnly: r.ReadOnly, Wording: r.Wording, Started: r.Started, Missing: r.Missing, Unoffered: r.Unoffered, Watched: r.Watched,
	}
	for _, f := range r.Facts {
		result := Result{
			Fact: fixtures.Fact{ID: f.ID, Endpoint: f.Endpoint}, Outcome: f.Outcome,
			Reason: f.Reason, BlockedBy: f.BlockedBy, State: f.State, NewlyBlocked: f.Anew,
		}
		if f.Deviation != nil {
			until, _ := time.Parse(time.DateOnly, f.Deviation.Until) // Verify looks at it
			result.Deviation = &Deviation{Fact: f.ID, Reason: f.Deviation.Reason, Until: until, Fails: f.Deviation.Fails, Blocks: f.Deviation.Blocks}
		}
		report.Facts = append(report.Facts, result)
	}
	return report
}
