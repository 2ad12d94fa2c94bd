package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/rogpeppe/go-internal/testscript"
)

// written is what these tests read of a JSON report.
type written struct {
	Verdict, Reason, Target string
	Counts                  map[string]int
	Facts                   []struct{ ID, Outcome, Reason string }
	CleanUp                 struct {
		Made, Removed int
		LeftBehind    []string `json:"left_behind"`
	} `json:"clean_up"`
}

// readReport takes a text that is one JSON report and nothing else. It must have
// every fact once, in the document's order, and count them rightly.
func readReport(text string) (written, error) {
	var r written
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return r, fmt.Errorf("not a JSON report: %w", err)
	}
	if strings.Contains(text, secret) {
		return r, fmt.Errorf("the report has a key")
	}
	facts, counts := fixtures.Facts(), map[string]int{}
	if len(r.Facts) != len(facts) {
		return r, fmt.Errorf("the report has %d facts, want %d", len(r.Facts), len(facts))
	}
	for i, f := range r.Facts {
		if f.ID != facts[i].ID {
			return r, fmt.Errorf("fact %d is %s, want %s", i, f.ID, facts[i].ID)
		}
		if (f.Outcome == "passed") != (f.Reason == "") {
			return r, fmt.Errorf("%s %s, with the reason %q", f.ID, f.Outcome, f.Reason)
		}
		if r.Reason != "" && strings.Contains(f.Reason, "not reached") {
			return r, fmt.Errorf("%s is %s without the reason of the run: %s", f.ID, f.Outcome, f.Reason)
		}
		counts[f.Outcome]++
	}
	maps.DeleteFunc(r.Counts, func(_ string, n int) bool { return n == 0 })
	if !maps.Equal(r.Counts, counts) {
		return r, fmt.Errorf("the counts are %v, want %v", r.Counts, counts)
	}
	return r, nil
}

// checkReport is "report FILE VERDICT [N OUTCOME ...]": a JSON report, perhaps
// stdout, has the verdict and as many facts of an outcome.
func checkReport(ts *testscript.TestScript, _ bool, args []string) {
	r, err := readReport(ts.ReadFile(args[0]))
	ts.Check(err)
	if r.Verdict != args[1] {
		ts.Fatalf("the verdict is %q, want %q", r.Verdict, args[1])
	}
	for rest := args[2:]; len(rest) > 1; rest = rest[2:] {
		if got := fmt.Sprint(r.Counts[rest[1]]); got != rest[0] {
			ts.Fatalf("%s %s, want %s", got, rest[1], rest[0])
		}
	}
}

// readJUnit takes a text that is one JUnit report, with every fact once.
func readJUnit(text string) error {
	var r struct {
		Tests int `xml:"tests,attr"`
		Cases []struct {
			Name string `xml:"name,attr"`
		} `xml:"testsuite>testcase"`
	}
	if err := xml.Unmarshal([]byte(text), &r); err != nil {
		return fmt.Errorf("not a JUnit report: %w", err)
	}
	if strings.Contains(text, secret) {
		return fmt.Errorf("the report has a key")
	}
	names := map[string]bool{}
	for _, c := range r.Cases {
		names[c.Name] = true
	}
	if n := len(fixtures.Facts()); r.Tests != n || len(r.Cases) != n || len(names) != n {
		return fmt.Errorf("tests=%d, %d testcases, %d names, want %d", r.Tests, len(r.Cases), len(names), n)
	}
	return nil
}

// checkJUnit is "junit FILE".
func checkJUnit(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(readJUnit(ts.ReadFile(args[0])))
}
