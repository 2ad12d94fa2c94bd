package pocketcheck

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// JUnit's report, as Surefire's schema has it: a testsuite an endpoint, a
// testcase a fact.
type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Name    string       `xml:"name,attr"`
	Time    string       `xml:"time,attr"`
	Suites  []junitSuite `xml:"testsuite"`
	junitCounts
}

type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Time       string          `xml:"time,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
	junitCounts
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
// skipped, blocked ones and those without an answer are errors.
func (r *Report) WriteJUnit(w io.Writer) error {
	out := junitSuites{Name: "Media Pocket API v2", Time: fmt.Sprintf("%.3f", r.Duration.Seconds())}
	index := map[string]int{}
	for _, f := range r.Facts {
		i, ok := index[f.Fact.Endpoint]
		if !ok {
			i = len(out.Suites)
			index[f.Fact.Endpoint] = i
			out.Suites = append(out.Suites, junitSuite{
				Name: f.Fact.Endpoint, Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"), Time: "0",
				Properties: []junitProperty{
					{"target", plain(r.Target)}, {"verdict", string(r.Verdict)}, {"suite", "pocketcheck " + Version},
				},
			})
		}
		c := junitCaseOf(f)
		out.Suites[i].Cases = append(out.Suites[i].Cases, c)
		out.Suites[i].count(c)
		out.count(c)
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

func (c *junitCounts) count(of junitCase) {
	c.Tests++
	switch {
	case of.Failure != nil:
		c.Failures++
	case of.Error != nil:
		c.Errors++
	case of.Skipped != nil:
		c.Skipped++
	}
}

func junitCaseOf(f Result) junitCase {
	c := junitCase{Name: f.Fact.ID, Class: f.Fact.ID[:strings.LastIndex(strings.TrimSuffix(f.Fact.ID, effect), ".")], Time: "0"}
	switch f.Outcome {
	case Failed:
		c.Failure = &junitMessage{plain(f.Reason), string(f.Outcome), details(f)}
	case Errored, Blocked:
		c.Error = &junitMessage{plain(f.Reason), string(f.Outcome), details(f)}
	case Unprovisioned, Deselected, Untestable:
		c.Skipped = &junitMessage{Message: fmt.Sprintf("%s: %s", f.Outcome, plain(f.Reason))}
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
	return plain(b.String())
}
