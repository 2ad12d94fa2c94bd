package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strconv"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// pair is two faults of an endpoint, of which the first is known. A run whose list
// of deviations was written when it was alone must fail.
type pair struct {
	Known string `json:"known"`
	New   string `json:"new"`
	// Because says why no document tells the second; "" where it must be told.
	Because string `json:"because,omitempty"`

	known  *baseline
	added  *trial
	masked bool // the run did not fail
}

// baseline is a server with one fault, and the list that a run on it writes.
type baseline struct {
	trial
	list  []report.Deviation
	holds bool // a second run with the list finds nothing new
}

// pairsProof is what "prove --pairs" finds.
type pairsProof struct {
	Seed       uint64   `json:"seed"`
	Tried      int      `json:"tried"`
	Of         int      `json:"of"`         // all that there are
	Masked     []*pair  `json:"masked"`     // though there is no reason
	Indistinct []*pair  `json:"indistinct"` // masked for a reason
	Told       []*pair  `json:"told"`       // though there is a reason why it can't be
	Unstable   []string `json:"unstable"`
	Holds      bool     `json:"holds"`
}

// allPairs are the ordered pairs of faults of the same endpoint that break
// different facts.
func allPairs(faults []*trial) (all []*pair) {
	for i, a := range faults {
		known := map[string]*baseline{} // by the wording that tells both faults
		for j, b := range faults {
			if i == j || a.Fact == b.Fact || fixtures.FactOf(a.Fact).Endpoint != fixtures.FactOf(b.Fact).Endpoint {
				continue
			}
			wording := cmp.Or(a.Wording, b.Wording)
			if known[wording] == nil {
				known[wording] = &baseline{trial: *a}
				known[wording].Wording = wording
			}
			p := &pair{Known: a.Name, New: b.Name, known: known[wording], added: b}
			p.Because = whyIndistinct(p)
			all = append(all, p)
		}
	}
	return all
}

// drawn takes n of the pairs by a seed; all of them for 0.
func drawn(all []*pair, n int, seed uint64) []*pair {
	if n == 0 || n >= len(all) {
		return all
	}
	taken := slices.Clone(all)
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(taken), func(i, j int) { taken[i], taken[j] = taken[j], taken[i] }) // #nosec G404 -- a seed draws the same again
	return taken[:n]
}

// pairFlags are how many pairs to try.
type pairFlags struct {
	number string // "": none, but each fault alone
	seed   uint64
}

// aSample is how many pairs are tried where no number is given.
const aSample = "5000"

func (f *pairFlags) add(fs *pflag.FlagSet) {
	fs.StringVar(&f.number, "pairs", "", "try pairs of faults, of which the first is known: so many, or all")
	fs.Lookup("pairs").NoOptDefVal = aSample
	fs.Uint64Var(&f.seed, "seed", 0, "which pairs; 0: others each time")
}

// count gives how many pairs are wanted, 0 for all.
func (f *pairFlags) count() (int, error) {
	if f.number == "all" {
		return 0, nil
	}
	n, err := strconv.Atoi(f.number)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("--pairs=%s: want a number of pairs, or all", f.number)
	}
	return n, nil
}

// prove tries pairs of the faults among the servers, and reports on them.
func (f *pairFlags) prove(cmd *cobra.Command, specs []string, servers func(context.Context) ([]*trial, error)) error {
	n, err := f.count()
	if err != nil {
		return err
	}
	reports, err := openReports(specs, formats[*pairsProof]{"json": func(p *pairsProof, w io.Writer) error { return plain.JSON(w, p) }}, cmd.OutOrStdout())
	if err != nil {
		return err
	}
	text := reports.text(cmd.ErrOrStderr())
	all, err := servers(cmd.Context())
	if err != nil {
		return unproven(cmd, err)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(quickGarbage))
	seed := cmp.Or(f.seed, rand.Uint64()) // #nosec G404 -- it is printed, and hides nothing
	p, err := provePairs(cmd.Context(), all, n, seed, func(of int) func() { return counter(text, of) })
	if err != nil {
		return unproven(cmd, err)
	}
	if err := errors.Join(p.writeText(text), reports.write(p)); err != nil {
		return exitError{exitInconclusive, err}
	}
	if !p.Holds {
		return exitError{exitNonConform, nil}
	}
	return nil
}

// provePairs tries n pairs of the faults.
func provePairs(ctx context.Context, servers []*trial, n int, seed uint64, progress func(of int) func()) (*pairsProof, error) {
	var faults []*trial
	for _, t := range servers {
		if t.Kind == kindFault {
			faults = append(faults, t)
		}
	}
	all := allPairs(faults)
	taken := drawn(all, n, seed)
	var baselines []*baseline
	for _, p := range taken {
		if !slices.Contains(baselines, p.known) {
			baselines = append(baselines, p.known)
		}
	}
	done := progress(len(baselines) + len(taken))
	if err := atOnce(ctx, baselines, (*baseline).write, done); err != nil {
		return nil, err
	}
	if err := atOnce(ctx, taken, (*pair).run, done); err != nil {
		return nil, err
	}
	proof := judgedPairs(taken, baselines)
	proof.Seed, proof.Tried, proof.Of = seed, len(taken), len(all)
	return proof, nil
}

// judgedPairs sorts the pairs that were tried.
func judgedPairs(tried []*pair, baselines []*baseline) *pairsProof {
	proof := &pairsProof{Masked: []*pair{}, Indistinct: []*pair{}, Told: []*pair{}, Unstable: []string{}}
	for _, b := range baselines {
		if !b.holds {
			proof.Unstable = append(proof.Unstable, b.Name)
		}
	}
	for _, p := range tried {
		switch {
		case p.masked && p.Because == "":
			proof.Masked = append(proof.Masked, p)
		case p.masked:
			proof.Indistinct = append(proof.Indistinct, p)
		case p.Because != "":
			proof.Told = append(proof.Told, p)
		}
	}
	proof.Holds = len(proof.Masked)+len(proof.Told)+len(proof.Unstable) == 0
	return proof
}

// write lists what a run on the server alone finds, and sees whether it is
// all that a second one finds.
func (b *baseline) write(ctx context.Context) error {
	first, err := b.check(ctx, nil)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := first.WriteDeviations(&text, "known"); err != nil {
		return err
	}
	if b.list, err = parseDeviations(b.Name, text.Bytes(), ""); err != nil {
		return err
	}
	second, err := b.check(ctx, b.list)
	if err == nil {
		b.holds = !isNew(second)
	}
	return err
}

// run tries both ways to have two faults: the one that is inside may hide what the
// other looks for before it differs. What the new one breaks is checked first, with
// what is known: where that shows it, the rest of the endpoint need not be asked.
func (p *pair) run(ctx context.Context) error {
	both := p.known.trial
	broken := slices.Clone(p.added.Wanted)
	for _, d := range p.known.list {
		broken = append(broken, d.Fact)
	}
	for _, facts := range [][]string{broken, both.facts} {
		both.facts = facts
		for _, faults := range [][]fault.Variant{{p.known.variant, p.added.variant}, {p.added.variant, p.known.variant}} {
			both.variant = fault.Together(faults...)
			result, err := both.check(ctx, p.known.list)
			if err != nil || isNew(result) {
				return err
			}
		}
	}
	p.masked = true
	return nil
}

// isNew tells whether a run ends with exit code 1.
func isNew(r *report.Report) bool {
	return r.BesideDeviations() == report.NonConformant || len(r.Outdated) > 0
}

func (p *pairsProof) writeText(w io.Writer) error {
	var b bytes.Buffer
	for _, name := range p.Unstable {
		fmt.Fprintf(&b, "WRONG baseline %s: a second run finds something else\n", name)
	}
	for _, m := range p.Masked {
		fmt.Fprintf(&b, "WRONG pair %s, known, masks %s\n", m.Known, m.New)
	}
	for _, t := range p.Told {
		fmt.Fprintf(&b, "WRONG pair %s, known, and %s: is told, though %s\n", t.Known, t.New, t.Because)
	}
	fmt.Fprintf(&b, "pairs: %d of %d tried (seed %d), masked: %d, and %d that nothing tells apart\n",
		p.Tried, p.Of, p.Seed, len(p.Masked), len(p.Indistinct))
	_, err := b.WriteTo(w)
	return err
}
