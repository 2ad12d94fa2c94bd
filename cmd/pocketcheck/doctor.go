package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/spf13/cobra"
)

func doctorCommand(known *keyring) *cobra.Command {
	f := targetFlags{known: known}
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Tell whether a target is ready for a run, without writing to it",
		Long: `Tell whether a target is ready for a run: whether it can be reached and takes
the key, which provider states it offers and which facts can thus be checked,
how its clock and its certificate are, and how long a run will take.

Only GETs are sent to the target, and teardowns to the states URL, which is not
asked with --read-only. What
pocketcheck.yaml and the environment say for run holds here too.

Exit codes: 0 ready, 2 wrong usage, 3 the target or the states
URL is unreachable, the key is refused, or the states URL answers as none would.`,
		Example: `  pocketcheck doctor --target http://localhost:8080`,
		Args:    noArguments,
		PreRun:  boundMemory,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.doctor(cmd, asJSON) },
	}
	f.add(cmd.Flags())
	cmd.Flags().BoolVar(&f.options.ReadOnly, "read-only", false, "for a run that sends nothing but GET; see run")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

func (f *targetFlags) doctor(cmd *cobra.Command, asJSON bool) error {
	given, err := configure(cmd)
	if err != nil {
		return err
	}
	target, err := f.described(cmd, given)
	if err != nil {
		return err
	}
	if f.options.ReadOnly {
		if target.Values.AssetID == "" {
			return errors.New("read only, and no asset to read; give the id of one that is there as asset_id, among the values")
		}
		target.StatesURL = "" // which a run that only reads does not ask, either
	}
	d := newDoctor(target, f.options, f.known)
	defer d.client.Close()
	d.examine(cmd.Context())
	write := d.writeText
	if asJSON {
		write = d.writeJSON
	}
	if err := write(cmd.OutOrStdout()); err != nil {
		return exitError{exitInconclusive, err}
	}
	if !d.ready() {
		return exitError{exitInconclusive, nil}
	}
	return nil
}

// finding is one thing that the doctor found.
type finding struct {
	Grade string   `json:"grade"` // "ok", "warn" or "fail"
	What  string   `json:"what"`
	Says  []string `json:"says"` // a line each
}

func (d *doctor) note(grade, what string, says ...string) {
	for i := range says {
		says[i] = d.shown(says[i])
	}
	d.findings = append(d.findings, finding{grade, what, says})
}

// shown gives a text as the doctor may say it: a host's name or a certificate may
// have the key.
func (d *doctor) shown(text string) string { return plain.Line(d.known.hide(text)) }

func (d *doctor) graded(grade string) (n int) {
	for _, f := range d.findings {
		if f.Grade == grade {
			n++
		}
	}
	return n
}

func (d *doctor) ready() bool { return d.graded("fail") == 0 }

// gradeColour are the escapes of ANSI for grades.
var gradeColour = map[string]string{"ok": "\x1b[32m", "warn": "\x1b[33m", "fail": "\x1b[31m"}

func (d *doctor) writeText(w io.Writer) error {
	paint := func(_, text string) string { return text }
	if isColoured(w) {
		paint = func(grade, text string) string { return gradeColour[grade] + text + "\x1b[0m" }
	}
	var b strings.Builder
	fmt.Fprintf(&b, "examining %s\n", d.shown(d.target.URL))
	for _, f := range d.findings {
		head := fmt.Sprintf("%-5s %-10s", f.Grade, f.What)
		for i, line := range f.Says {
			for j, part := range plain.Wrap(line, plain.Width-len(head)-1) {
				first := paint(f.Grade, head)
				if i+j > 0 {
					first = strings.Repeat(" ", len(head))
				}
				fmt.Fprintf(&b, "%s %s\n", first, part)
			}
		}
	}
	b.WriteString(paint(d.verdict()) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// verdict is the worst grade, and what it comes to.
func (d *doctor) verdict() (grade, text string) {
	grade, text = "ok", "ready"
	warnings := d.graded("warn")
	if warnings > 0 {
		grade = "warn"
	}
	if !d.ready() {
		grade, text = "fail", "not ready"
	}
	switch {
	case warnings == 1:
		text += ", with 1 warning"
	case warnings > 1:
		text += fmt.Sprintf(", with %d warnings", warnings)
	}
	return grade, text
}

func (d *doctor) writeJSON(w io.Writer) error {
	return plain.JSON(w, struct {
		Ready    bool      `json:"ready"`
		Target   string    `json:"target"`
		Findings []finding `json:"findings"`
	}{d.ready(), d.shown(d.target.URL), d.findings})
}
