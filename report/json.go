package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"time"

	"github.com/pocketcheck/pocketcheck/features"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/plain"
)

// Version is the version of the suite.
const Version = "0.1.0"

// schemaVersion is that of the JSON report. Its first number changes when a
// reader of an older one would go wrong.
const schemaVersion = "1.4"

type jsonReport struct {
	Schema string `json:"schema_version"`
	RunOf
	Millis   int64           `json:"duration_ms"`
	Counts   map[Outcome]int `json:"counts"`
	Facts    []jsonFact      `json:"facts"`
	Missing  []Missing       `json:"missing,omitempty"`
	Outdated []string        `json:"outdated_deviations,omitempty"`
	CleanUp  jsonCleanUp     `json:"clean_up"`
}

type jsonFact struct {
	ID        string        `json:"id"`
	Endpoint  string        `json:"endpoint"`
	Kind      string        `json:"kind"`
	Tier      string        `json:"tier"`
	Lines     string        `json:"lines"` // of the document
	Assertion string        `json:"assertion,omitempty"`
	Outcome   Outcome       `json:"outcome"`
	Reason    string        `json:"reason"`
	BlockedBy string        `json:"blocked_by"`
	State     string        `json:"state,omitempty"` // the provider state that is lacking
	Millis    int64         `json:"duration_ms"`     // of its scenarios
	Deviation *jsonKnown    `json:"deviation,omitempty"`
	Anew      bool          `json:"newly_blocked,omitempty"` // by a known deviation that does not say so
	Failures  []jsonFailure `json:"failures,omitempty"`
}

// jsonKnown is the known deviation that a failure is.
type jsonKnown struct {
	Reason string   `json:"reason"`
	Until  string   `json:"until,omitempty"`  // the last day on which it is accepted
	Fails  []string `json:"fails,omitempty"`  // how it is known to fail
	Blocks []string `json:"blocks,omitempty"` // what it is known to block
}

type jsonFailure struct {
	Scenario string `json:"scenario"`
	Feature  string `json:"feature"`
	Step     string `json:"step"`
	Message  string `json:"message"`
	Path     string `json:"path,omitempty"` // in the answer, as JSON path
	Expected string `json:"expected,omitempty"`
	Actual   string `json:"actual,omitempty"`
	Fails    string `json:"fails,omitempty"` // the same from run to run
	Curl     string `json:"curl"`            // a shell script that repeats the scenario
	// Further are other members of the same answer that are wrong.
	Further []jsonFurther `json:"further,omitempty"`
}

type jsonFurther struct {
	Path     string `json:"path"`
	Expected string `json:"expected"`
	Actual   string `json:"actual"`
	Fails    string `json:"fails"`
}

type jsonCleanUp struct {
	Made       int      `json:"made"`
	Removed    int      `json:"removed"`
	LeftBehind []string `json:"left_behind"`
}

// WriteJSON writes the report as one JSON object.
func (r *Report) WriteJSON(w io.Writer) error { return plain.JSON(w, r.record().jsonReport) }

// record gives the report as [ReadJSON] does.
func (r *Report) record() *Record {
	out := jsonReport{
		Schema: schemaVersion,
		RunOf: RunOf{
			Verdict: r.Verdict, Reason: r.Stopped, ReadOnly: r.ReadOnly, Wording: r.Wording, Target: r.target(), Insecure: r.Insecure, Unoffered: r.Unoffered, Name: r.Implementation, Version: r.ImplementationVersion,
			Suite: Version, Document: documentDigest(), Features: featuresDigest(), Started: r.Started.UTC().Truncate(time.Millisecond), Watched: r.Watched,
		},
		Millis: r.Duration.Milliseconds(), Counts: map[Outcome]int{}, Facts: make([]jsonFact, len(r.Facts)), Missing: r.Missing, Outdated: r.Outdated,
		CleanUp: jsonCleanUp{r.CleanUp.Made, r.CleanUp.Removed, append([]string{}, r.CleanUp.LeftBehind...)},
	}
	for _, o := range outcomesInOrder {
		out.Counts[o] = r.Count(o)
	}
	for i, f := range r.Facts {
		out.Facts[i] = jsonFact{
			ID: f.Fact.ID, Endpoint: f.Fact.Endpoint, Kind: f.Fact.Kind, Tier: f.Fact.Tier,
			Lines: f.Fact.Lines.String(), Assertion: f.Fact.Assertion,
			Outcome: f.Outcome, Reason: f.Reason, BlockedBy: f.BlockedBy, State: f.State,
			Millis: f.duration().Milliseconds(), Deviation: known(f.Deviation), Anew: f.NewlyBlocked, Failures: failures(f),
		}
	}
	return &Record{out}
}

func known(d *Deviation) *jsonKnown {
	if d == nil {
		return nil
	}
	k := &jsonKnown{Reason: d.Reason, Fails: d.Fails, Blocks: d.Blocks}
	if !d.Until.IsZero() {
		k.Until = d.Until.Format(time.DateOnly)
	}
	return k
}

// Digests are the SHA-256, in hexadecimal, of the API document and of the features, by
// which reports tell what was checked.
func Digests() (document, features string) { return documentDigest(), featuresDigest() }

// documentDigest is the SHA-256 of the document that this suite checks.
func documentDigest() string { return digest([]byte(fixtures.Document())) }

// featuresDigest is that of the scenarios: of all files, one after the other, in
// the order of their names, each after its name and a line break.
func featuresDigest() string {
	var all bytes.Buffer
	for _, name := range featureNames() {
		text, _ := fs.ReadFile(features.All(), name) // it is embedded
		all.WriteString(name + "\n")
		all.Write(text)
	}
	return digest(all.Bytes())
}

func featureNames() []string {
	names, _ := fs.Glob(features.All(), "*.feature") // the pattern is well-formed
	return names
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func failures(f Result) []jsonFailure {
	var all []jsonFailure
	for _, s := range f.Scenarios {
		if s.Outcome == Passed || s.Outcome == Unprovisioned {
			continue
		}
		j := jsonFailure{Scenario: s.Name, Feature: s.Feature, Step: s.Step, Message: s.Reason, Curl: s.Curl}
		if s.Failure != nil {
			j.Path, j.Expected, j.Actual, j.Fails = s.Failure.Path, s.Failure.Expected, s.Failure.Actual, s.Failure.Fails
			for _, f := range s.Failure.Further {
				j.Further = append(j.Further, jsonFurther{f.Path, f.Expected, f.Actual, f.Fails})
			}
		}
		all = append(all, j)
	}
	return all
}
