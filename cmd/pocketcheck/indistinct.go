package main

import (
	_ "embed"
	"encoding/csv"
	"path"
	"strings"
	"sync"
)

// indistinct is a kind of pair of which the second fault can't be told: what would
// show it is gone with the first, or is the same. A pair of the kind that a run
// tells all the same is an error, as is one that is masked and of no kind.
type indistinct struct {
	because    string   // no document tells the second
	known, new []string // the names of faults, with globs
}

// indistinctTable has a row a kind, in the order in which they are looked at.
//
//go:embed indistinct.csv
var indistinctTable string

// indistincts are all kinds of them.
var indistincts = sync.OnceValue(func() (all []indistinct) {
	rows, err := csv.NewReader(strings.NewReader(indistinctTable)).ReadAll()
	if err != nil {
		panic(err) // it is part of the program
	}
	for _, row := range rows[1:] {
		all = append(all, indistinct{row[0], strings.Split(row[1], "; "), strings.Split(row[2], "; ")})
	}
	return all
})

// whyIndistinct gives the reason why no document tells the second fault of a pair;
// "" where it is to be told.
func whyIndistinct(p *pair) string {
	for _, i := range indistincts() {
		if named(i.known, p.Known) && named(i.new, p.New) {
			return i.because
		}
	}
	return ""
}

func named(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if ok, err := path.Match(pattern, name); err == nil && ok {
			return true
		}
	}
	return false
}
