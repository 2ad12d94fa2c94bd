package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/spf13/cobra"
)

func proveCommand() *cobra.Command {
	var specs []string
	var list bool
	var pairs pairFlags
	cmd := &cobra.Command{
		Use:   "prove",
		Short: "Prove that the suite notices every broken fact, and nothing else",
		Long: `Run the suite on servers that break one fact each (faults), on servers that
use what the document leaves open (freedoms), and on servers that understand
nothing (null servers). Exit 1 when a fault is not noticed by exactly its facts,
when a freedom fails, or when a null server passes what it should not.

With --pairs, servers have two faults of one endpoint, of which the first is a
known deviation. Exit 1 when a run does not tell the second.`,
		Example: `  pocketcheck prove --list
  pocketcheck prove --pairs=100 --seed 1`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := configure(cmd); err != nil {
				return err
			}
			switch {
			case list && (pairs.number != "" || pairs.seed != 0 || len(specs) > 0):
				return errors.New("--list runs nothing; leave --pairs, --seed and --report out")
			case list:
				return listServers(cmd.OutOrStdout())
			case pairs.number != "":
				return pairs.prove(cmd, specs, trials)
			case pairs.seed != 0:
				return errors.New("--seed without --pairs: give both")
			}
			return prove(cmd, specs, trials)
		},
	}
	cmd.Flags().StringArrayVar(&specs, "report", nil, "json=FILE; - is standard output")
	cmd.Flags().BoolVar(&list, "list", false, "list the faults and the freedoms, and run nothing")
	pairs.add(cmd.Flags())
	return cmd
}

// listServers prints each fault with its fact, and each freedom with what allows it.
func listServers(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, v := range fault.Faults() {
		fmt.Fprintln(b, kindFault, v.Name)
	}
	for _, v := range fault.Freedoms() {
		fmt.Fprintf(b, "%s %s: %s\n", kindFreedom, v.Name, v.Allows)
	}
	return b.Flush()
}

// proof is what "prove --report json" writes.
type proof struct {
	Faults      int      `json:"faults"`
	Facts       int      `json:"facts"` // that a fault breaks
	Noticed     int      `json:"noticed"`
	Freedoms    int      `json:"freedoms"`
	FalseAlarms int      `json:"false_alarms"`
	Nulls       int      `json:"null_servers"`
	Holds       bool     `json:"holds"`
	Seconds     float64  `json:"seconds"`
	Trials      []*trial `json:"trials"`
}

// quickGarbage collects less of it: each trial is short-lived garbage, and there is
// memory to let it lie for longer.
const quickGarbage = 400

func prove(cmd *cobra.Command, specs []string, servers func(context.Context) ([]*trial, error)) error {
	reports, err := openReports(specs, formats[proof]{"json": proof.writeJSON}, cmd.OutOrStdout())
	if err != nil {
		return err
	}
	text := reports.text(cmd.ErrOrStderr())
	start := time.Now()
	all, err := servers(cmd.Context())
	if err != nil {
		return unproven(cmd, err)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(quickGarbage))
	if err := atOnce(cmd.Context(), all, (*trial).run, counter(text, len(all))); err != nil {
		return unproven(cmd, err)
	}
	p := sum(all)
	p.Seconds = time.Since(start).Seconds()
	if err := errors.Join(p.writeText(text), reports.write(p)); err != nil {
		return exitError{exitInconclusive, err}
	}
	if !p.Holds {
		return exitError{exitNonConform, nil}
	}
	return nil
}

// unproven is the end of a proof that did not come to a result.
func unproven(cmd *cobra.Command, err error) error {
	if cmd.Context().Err() != nil {
		err = errors.New("the proof was interrupted; it tells nothing")
	}
	return exitError{exitInconclusive, err}
}

// counter shows how many trials are done, on a terminal.
func counter(w io.Writer, of int) func() {
	var mu sync.Mutex
	live, n := isTerminal(w), 0
	return func() {
		mu.Lock()
		defer mu.Unlock()
		if n++; live {
			fmt.Fprintf(w, "\r\x1b[K%d of %d servers", n, of)
			if n == of {
				fmt.Fprint(w, "\r\x1b[K")
			}
		}
	}
}

// atOnce calls run with all of a list, as many at once as there are processors.
func atOnce[T any](ctx context.Context, all []T, run func(T, context.Context) error, done func()) error {
	queue := make(chan T)
	var failed error
	var once sync.Once
	var workers sync.WaitGroup
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for t := range queue {
				if err := caught(func() error { return run(t, ctx) }); err != nil {
					once.Do(func() { failed = err; cancel(err) })
				}
				done()
			}
		})
	}
	for _, t := range all {
		if ctx.Err() != nil {
			break
		}
		queue <- t
	}
	close(queue)
	workers.Wait()
	if failed == nil {
		failed = ctx.Err()
	}
	return failed
}

func sum(all []*trial) proof {
	p := proof{Trials: all, Holds: true}
	facts := map[string]bool{}
	for _, t := range all {
		p.Holds = p.Holds && t.Holds
		switch t.Kind {
		case kindFault:
			p.Faults++
			facts[t.Fact] = true
			if t.noticed() {
				p.Noticed++
			}
		case kindFreedom:
			p.Freedoms++
			if !t.Holds {
				p.FalseAlarms++
			}
		case kindNull:
			p.Nulls++
		}
	}
	p.Facts = len(facts)
	return p
}

func (p proof) writeJSON(w io.Writer) error { return plain.JSON(w, p) }

// writeText prints the matrix, a line a server, and what it sums up to.
func (p proof) writeText(w io.Writer) error {
	var b strings.Builder
	for _, t := range p.Trials {
		mark := "ok  "
		if !t.Holds {
			mark = "WRONG"
		}
		fmt.Fprintf(&b, "%-5s %s %s: %s\n", mark, t.Kind, t.Name, t.found())
	}
	fmt.Fprintf(&b, "faults: %d of %d noticed, over %d facts (%.0f %%)\n",
		p.Noticed, p.Faults, p.Facts, 100*float64(p.Noticed)/float64(max(p.Faults, 1)))
	fmt.Fprintf(&b, "freedoms: %d, false alarms: %d\n", p.Freedoms, p.FalseAlarms)
	fmt.Fprintf(&b, "null servers: %d\n", p.Nulls)
	fmt.Fprintf(&b, "time: %.1f s\n", p.Seconds)
	verdict := "every fault is noticed by exactly its facts, and nothing else is"
	if !p.Holds {
		verdict = "the suite does not hold: see the lines marked WRONG"
	}
	fmt.Fprintf(&b, "proof: %s\n", verdict)
	_, err := io.WriteString(w, b.String())
	return err
}

// found says what the suite found on a server, and what it should have found.
func (t *trial) found() string {
	blocked := ""
	if t.Blocked > 0 {
		blocked = fmt.Sprintf(" (%d blocked)", t.Blocked)
	}
	switch {
	case t.Kind == kindNull:
		return fmt.Sprintf("%s, %d passed%s", t.Verdict, len(t.Passed), difference(t.Passed, t.Wanted))
	case len(t.Failed) == 0:
		return "nothing failed" + blocked + difference(t.Failed, t.Wanted)
	}
	return strings.Join(t.Failed, ", ") + " failed" + blocked + difference(t.Failed, t.Wanted)
}

// difference is empty where the suite found what it should.
func difference(found, wanted []string) string {
	in := func(of []string) map[string]bool {
		set := map[string]bool{}
		for _, id := range of {
			set[id] = true
		}
		return set
	}
	var b strings.Builder
	isFound, isWanted := in(found), in(wanted)
	for _, id := range wanted {
		if !isFound[id] {
			b.WriteString("; missing " + id)
		}
	}
	for _, id := range found {
		if !isWanted[id] {
			b.WriteString("; unexpected " + id)
		}
	}
	return b.String()
}
