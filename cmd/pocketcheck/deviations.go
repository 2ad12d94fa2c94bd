package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/spf13/cobra"
)

// readDeviations reads a list of known failures, of which those without a reason
// have the one that is given. What is wrong with it is named with its file and line.
func readDeviations(cmd *cobra.Command, path, reason string) ([]report.Deviation, error) {
	text, err := readText(cmd, "read --deviations", path)
	if err != nil {
		return nil, err
	}
	return parseDeviations(called(path), text, reason)
}

// warnOfMany tells of a list by which hardly anything can fail a run any more.
func warnOfMany(w io.Writer, path string, list []report.Deviation) {
	if covered, of := report.Covered(list); 2*covered > of {
		fmt.Fprintf(w, "pocketcheck: warning: %s covers %d of %d testable facts, so that hardly anything can fail the run\n", path, covered, of)
	}
}

// tellDeviations tells what --write-deviations wrote.
func (f *runFlags) tellDeviations(w io.Writer, result *report.Report) {
	if f.writeTo == "" {
		return
	}
	where := f.known.hide(f.writeTo)
	if where == "-" {
		where = "standard output"
	}
	all, added := result.Deviations(f.reason)
	fmt.Fprintf(w, "pocketcheck: known deviations written to %s: %d, of which %d are new\n", where, len(all), added)
}

func parseDeviations(path string, text []byte, reason string) ([]report.Deviation, error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, yamlError(path, err)
	}
	var all []report.Deviation
	var unexplained []string // where
	seen := map[string]bool{}
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		list, ok := doc.Body.(*ast.SequenceNode)
		if !ok {
			return nil, fmt.Errorf("%s: want a list of deviations: - {fact: ID, reason: TEXT}", at(path, doc.Body))
		}
		for _, n := range list.Values {
			d, err := deviationOf(path, n)
			if err != nil {
				return nil, err
			}
			if seen[d.Fact] {
				return nil, fmt.Errorf("%s: %s is listed twice; keep one", at(path, n), d.Fact)
			}
			seen[d.Fact] = true
			if d.Reason = cmp.Or(d.Reason, reason); d.Reason == "" {
				unexplained = append(unexplained, fmt.Sprintf("%s: %s", at(path, n), d.Fact))
				continue
			}
			if err := d.Check(); err != nil {
				return nil, fmt.Errorf("%s: %w", at(path, n), err)
			}
			all = append(all, d)
		}
	}
	if len(unexplained) > 0 {
		return nil, withoutReason(unexplained)
	}
	return all, nil
}

func withoutReason(where []string) error {
	text := where[0] + " has no reason"
	if len(where) > 1 {
		text += ", nor have " + strings.Join(where[1:], ", ")
	}
	return errors.New(text + "; say why a failure is accepted, for all that are new by --write-deviations FILE --reason TEXT")
}

func deviationOf(path string, n ast.Node) (d report.Deviation, err error) {
	members, err := mapping(path, n)
	if err != nil {
		return d, fmt.Errorf("%s: want fact and reason: - {fact: ID, reason: TEXT}", at(path, n))
	}
	for _, m := range members {
		switch keyOf(m) {
		case "fails":
			if d.Fails, err = listOf(path, m, "say how it fails, or leave it out"); err != nil {
				return d, err
			}
			continue
		case "blocks":
			if d.Blocks, err = listOf(path, m, "say what it blocks, or leave it out"); err != nil {
				return d, err
			}
			continue
		}
		text, ok := scalar(m.Value)
		if !ok {
			return d, fmt.Errorf("%s: %s wants a text, and no anchor, alias or tag", at(path, m), keyOf(m))
		}
		switch keyOf(m) {
		case "fact":
			d.Fact = text
		case "reason":
			d.Reason = strings.TrimSpace(text)
		case "until":
			if d.Until, err = time.Parse(time.DateOnly, text); err != nil {
				return d, fmt.Errorf("%s: until %q is not a date; write it as 2026-12-31", at(path, m), text)
			}
		default:
			return d, fmt.Errorf("%s: unknown key %q; the keys are fact, reason, fails, blocks and until", at(path, m), keyOf(m))
		}
	}
	if d.Fact == "" {
		return d, fmt.Errorf("%s: a deviation has no fact", at(path, n))
	}
	return d, nil
}

// listOf gives the texts of a member that may not be an empty list.
func listOf(path string, m *ast.MappingValueNode, advice string) ([]string, error) {
	texts, err := textsOf(path, keyOf(m), m.Value)
	if err == nil && len(texts) == 0 {
		err = fmt.Errorf("%s: %s is an empty list; %s", at(path, m), keyOf(m), advice)
	}
	return texts, err
}

// scalar gives the text of a value; that of nothing is empty.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.NullNode:
		return "", true
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode: // their text is elsewhere
		return "", false
	case ast.ScalarNode:
		return n.GetToken().Value, true
	}
	return "", false
}
