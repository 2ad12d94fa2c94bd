package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// JUnit's report, as Surefire writes and Jenkins reads it: a testsuite an
// endpoint, a testcase a fact.
type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	Time    string   `xml:"time,attr"`
	junitCounts
	Suites []*junitSuite `xml:"testsuite"`
	empty  junitSuite    // what a new one starts as
}

// junitCounts has no skipped ones: Jenkins knows them of a testsuite alone.
type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
}

type junitSuite struct {
	Name      string `xml:"name,attr"`
	Timestamp string `xml:"timestamp,attr"`
	Time      string `xml:"time,attr"`
	junitCounts
	Skipped    int             `xml:"skipped,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
	duration   time.Duration
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitMessage `xml:"failure"`
	Error   *junitMessage `xml:"error"`
	Skipped *junitMessage `xml:"skipped"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Body    string `xml:",chardata"`
}

// WriteJUnit writes the report as JUnit XML. Facts that were not checked are
// skipped, and so are known deviations and what they block; other blocked facts
// and those without an answer are errors. A list of deviations that is out of
// date fails a case of its own, as it fails the run.
func (r *Report) WriteJUnit(w io.Writer) error {
	out := &junitSuites{
		Name: "Media Pocket API v2", Time: junitTime(r.Duration),
		empty: junitSuite{Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"), Properties: r.junitProperties()},
	}
	for _, f := range r.Facts {
		out.add(f.Fact.Endpoint, r.junitCase(f), f.duration())
	}
	if len(r.Outdated) > 0 {
		out.add("known deviations", junitCase{
			Name: "known deviations", Class: "pocketcheck", Time: junitTime(0),
			Failure: &junitMessage{"the list is out of date", "outdated", plain.Text(strings.Join(r.Outdated, "\n"))},
		}, 0)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// junitProperties say what was checked against what; those that are not known
// are left out.
func (r *Report) junitProperties() []junitProperty {
	certificate := ""
	if r.Insecure {
		certificate = "not checked"
	}
	var missing []string
	for _, m := range r.Missing {
		missing = append(missing, m.String())
	}
	var known []junitProperty
	for _, p := range []junitProperty{
		{"verdict", string(r.Verdict)},
		{"stopped", plain.Text(r.Stopped)},
		{"read only", map[bool]string{true: "nothing but GET was sent"}[r.ReadOnly]},
		{"target", plain.Text(r.target())},
		{"certificate", certificate},
		{"wording", r.Wording},
		{"provider states", r.unoffered()},
		{"implementation", plain.Text(r.Implementation)},
		{"implementation version", plain.Text(r.ImplementationVersion)},
		{seemsMissing, plain.Text(strings.Join(missing, "; "))},
		{"seen", r.seen()},
		{"suite", "pocketcheck " + Version},
		{"document SHA-256", documentDigest()},
		{"features SHA-256", featuresDigest()},
	} {
		if p.Value != "" {
			known = append(known, p)
		}
	}
	return known
}

// duration is how long the scenarios of a fact took together.
func (f Result) duration() time.Duration {
	var d time.Duration
	for _, s := range f.Scenarios {
		d += s.Duration
	}
	return d
}

func junitTime(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// add puts a case into the suite of a name.
func (all *junitSuites) add(name string, c junitCase, took time.Duration) {
	i := slices.IndexFunc(all.Suites, func(s *junitSuite) bool { return s.Name == name })
	if i < 0 {
		i = len(all.Suites)
		s := all.empty
		s.Name = name
		all.Suites = append(all.Suites, &s)
	}
	s := all.Suites[i]
	s.Cases = append(s.Cases, c)
	s.duration += took
	s.Time = junitTime(s.duration)
	if c.Skipped != nil {
		s.Skipped++
	}
	s.count(c)
	all.count(c)
}

func (c *junitCounts) count(of junitCase) {
	c.Tests++
	switch {
	case of.Failure != nil:
		c.Failures++
	case of.Error != nil:
		c.Errors++
	}
}

func (r *Report) junitCase(f Result) junitCase {
	c := junitCase{
		Name: f.Fact.ID, Class: f.Fact.Operation(), Time: junitTime(f.duration()),
	}
	known := r.accepted(f)
	switch {
	case f.Outcome == Passed:
	case known != nil:
		c.Skipped = &junitMessage{Message: plain.Text(known.excuse(f.Reason)), Body: details(f)}
	case f.Outcome == Failed:
		c.Failure = &junitMessage{plain.Text(f.Reason), string(f.Outcome), details(f)}
	case f.Outcome == Errored || f.Outcome == Blocked:
		c.Error = &junitMessage{plain.Text(f.Reason), string(f.Outcome), details(f)}
	default:
		c.Skipped = &junitMessage{Message: fmt.Sprintf("%s: %s", r.called(f.Outcome), plain.Text(f.Reason))}
	}
	return c
}

// details gives the scenarios of a fact that did not pass, as in the text
// report.
func details(f Result) string {
	var b strings.Builder
	for _, s := range f.Scenarios {
		if s.Outcome != Passed {
			b.WriteString(scenarioText(s, []string{f.Fact.ID}))
		}
	}
	return plain.Text(b.String())
}
