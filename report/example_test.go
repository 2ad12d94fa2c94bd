package report_test

import (
	"fmt"
	"os"

	"github.com/pocketcheck/pocketcheck/report"
)

// A report that somebody sent is read, and verified. This one has nine made-up facts.
func ExampleReadJSON() {
	file, err := os.Open("testdata/report.json")
	if err != nil {
		panic(err)
	}
	defer func() { _ = file.Close() }() // it was read
	record, err := report.ReadJSON(file)
	if err != nil {
		panic(err)
	}
	for _, check := range record.Verify() {
		if len(check.Problems) > 0 {
			fmt.Println("wrong:", check.Holds)
		}
	}
	// Output:
	// wrong: every fact of the table is there once, and no other
	// wrong: what it says of a fact is what the table says
	// wrong: only what can't be tested is untestable
	// wrong: each outcome has what belongs to it
}
