package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// proven runs the proof on servers, and gives its error, its text and its report.
func proven(t *testing.T, servers ...*trial) (text string, p proof, err error) {
	t.Helper()
	var out bytes.Buffer
	cmd := &cobra.Command{}
	cmd.SetContext(t.Context())
	cmd.SetOut(&out)
	path := filepath.Join(t.TempDir(), "proof.json")
	err = prove(cmd, []string{"json=" + path}, func(context.Context) ([]*trial, error) { return servers, nil })
	written, readErr := os.ReadFile(path)
	require.NoError(t, readErr)
	require.NoError(t, json.Unmarshal(written, &p))
	return out.String(), p, err
}

// faulty is the trial of a fault, on the facts of its endpoint.
func faulty(t *testing.T, name string) *trial {
	t.Helper()
	i := slices.IndexFunc(fault.Faults(), func(v fault.Variant) bool { return v.Name == name })
	require.GreaterOrEqual(t, i, 0, name)
	v := fault.Faults()[i]
	return &trial{Kind: kindFault, Name: v.Name, Fact: v.Fact, Wanted: fixtures.SaidAgain(v.Fact), variant: v, facts: []string{"comments.list.*"}}
}

// TestProofOfASuiteThatSees: what is noticed by exactly its facts is quiet.
func TestProofOfASuiteThatSees(t *testing.T) {
	text, p, err := proven(t, faulty(t, "comments.list.ok/empty"), faulty(t, "comments.list.ok/status-201"))
	require.NoError(t, err)
	assert.Contains(t, text, "ok    fault comments.list.ok/empty: comments.list.ok failed")
	assert.Contains(t, text, "faults: 2 of 2 noticed, over 1 facts (100 %)\n")
	assert.NotContains(t, text, "WRONG")
	assert.True(t, p.Holds)
	assert.Equal(t, []int{2, 1, 2, 0, 0, 0}, []int{p.Faults, p.Facts, p.Noticed, p.Freedoms, p.FalseAlarms, p.Nulls})
}

// TestProofOfABlindSuite gives the proof a suite that overlooks, sees what is not
// there, or blames another: each is named, and the exit code is 1.
func TestProofOfABlindSuite(t *testing.T) {
	blind := faulty(t, "comments.list.ok/empty")
	blind.facts = []string{"comments.list.asset-not-found"}
	blames := faulty(t, "comments.list.ok/empty")
	blames.Wanted = []string{"comments.list.asset-not-found"}
	disguised := faulty(t, "comments.list.ok/status-201")
	disguised.Kind, disguised.Name, disguised.Wanted = kindFreedom, "json/disguised", []string{}
	null := fault.Nulls()[0]
	believed := &trial{Kind: kindNull, Name: null.Name, Wanted: []string{"comments.list.ok"}, variant: null, facts: []string{"comments.list.*"}}
	for _, tt := range []struct {
		name  string
		trial *trial
		says  string
		sums  []int // noticed, false alarms
	}{
		{"a fault that nothing notices", blind, "WRONG fault comments.list.ok/empty: nothing failed; missing comments.list.ok\n", []int{0, 0}},
		{"a fault that another fact notices", blames,
			"comments.list.ok failed", []int{1, 0}},
		{"a freedom that is none", disguised, "WRONG freedom json/disguised: ", []int{0, 1}},
		{"a null server that should pass", believed, "missing comments.list.ok", []int{0, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text, p, err := proven(t, tt.trial)
			exit, ok := errors.AsType[exitError](err)
			require.True(t, ok, text)
			assert.Equal(t, exitNonConform, exit.code)
			assert.Contains(t, text, tt.says)
			assert.Equal(t, 1, strings.Count(text, "WRONG "), text)
			assert.Contains(t, text, "proof: the suite does not hold: see the lines marked WRONG\n")
			assert.False(t, p.Holds)
			assert.False(t, p.Trials[0].Holds)
			assert.Equal(t, tt.sums, []int{p.Noticed, p.FalseAlarms})
		})
	}
	text, _, _ := proven(t, blames)
	assert.Contains(t, text, "; missing comments.list.asset-not-found; unexpected comments.list.ok")
}

// TestNoProofWithoutServers: what keeps the proof from its end is said.
func TestNoProofWithoutServers(t *testing.T) {
	cmd := &cobra.Command{}
	cmd.SetContext(t.Context())
	err := prove(cmd, nil, func(context.Context) ([]*trial, error) { return nil, errors.New("the reference is broken") })
	exit, ok := errors.AsType[exitError](err)
	require.True(t, ok)
	assert.Equal(t, exitInconclusive, exit.code)
	assert.EqualError(t, err, "the reference is broken")
}

// TestProofInterrupted: whenever an interrupt comes, the proof says so, and nothing of
// what it did not find.
func TestProofInterrupted(t *testing.T) {
	for name, servers := range map[string]func(context.Context) ([]*trial, error){
		"before the reference": trials,
		"before the servers": func(context.Context) ([]*trial, error) {
			return []*trial{faulty(t, "comments.list.ok/empty"), faulty(t, "comments.list.ok/status-201")}, nil
		},
	} {
		for way, prove := range map[string]func(*cobra.Command) error{
			"alone": func(cmd *cobra.Command) error { return prove(cmd, nil, servers) },
			"pairs": func(cmd *cobra.Command) error { return (&pairFlags{number: "all"}).prove(cmd, nil, servers) },
		} {
			var out bytes.Buffer
			cmd := &cobra.Command{}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			cmd.SetContext(ctx)
			cmd.SetOut(&out)
			err := prove(cmd)
			exit, ok := errors.AsType[exitError](err)
			require.True(t, ok, "%s, %s", name, way)
			assert.Equal(t, exitInconclusive, exit.code)
			require.EqualError(t, err, "the proof was interrupted; it tells nothing", "%s, %s", name, way)
			assert.Empty(t, out.String(), "%s, %s", name, way)
		}
	}
}

// pairsOf proves the pairs of faults, and gives the error and the text.
func pairsOf(t *testing.T, number string, servers ...*trial) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd := &cobra.Command{}
	cmd.SetContext(t.Context())
	cmd.SetOut(&out)
	flags := pairFlags{number: number, seed: 1}
	err := flags.prove(cmd, nil, func(context.Context) ([]*trial, error) { return servers, nil })
	return out.String(), err
}

// TestProofOfPairs: a second fault shows beside a known one, unless that hides all
// of the list in which it would.
func TestProofOfPairs(t *testing.T) {
	t.Parallel()
	created, empty := faulty(t, "comments.list.ok/status-201"), faulty(t, "comments.list.ok/empty")
	foreign := faulty(t, "comments.list.other-asset.effect/of-all-assets")
	text, err := pairsOf(t, "all", created, foreign)
	require.NoError(t, err, text)
	assert.Equal(t, "pairs: 2 of 2 tried (seed 1), masked: 0, and 0 that nothing tells apart\n", text)

	text, err = pairsOf(t, "all", empty, foreign)
	require.NoError(t, err, text)
	assert.Equal(t, "pairs: 2 of 2 tried (seed 1), masked: 0, and 1 that nothing tells apart\n", text)

	empty.Name, created.Name = "comments.list.ok/of-no-kind", "comments.list.ok/empty"
	for _, tt := range []struct {
		known *trial
		wrong string
	}{
		{empty, "WRONG pair comments.list.ok/of-no-kind, known, masks comments.list.other-asset.effect/of-all-assets\n"},
		{created, "WRONG pair comments.list.ok/empty, known, and comments.list.other-asset.effect/of-all-assets: is told, though "},
	} {
		text, err = pairsOf(t, "all", tt.known, foreign)
		exit, ok := errors.AsType[exitError](err)
		require.True(t, ok, text)
		assert.Equal(t, exitNonConform, exit.code)
		assert.Contains(t, text, tt.wrong)
		assert.Equal(t, 1, strings.Count(text, "WRONG "), text)
	}

	created.Name = "comments.list.ok/status-201"
	text, err = pairsOf(t, "1", created, foreign)
	require.NoError(t, err)
	assert.Contains(t, text, "pairs: 1 of 2 tried")
	for _, number := range []string{"0", "-1", "some"} {
		_, err = pairsOf(t, number)
		require.EqualError(t, err, "--pairs="+number+": want a number of pairs, or all")
	}
}

// TestEachKindOfPairsHasSome: a pattern in the list of what nothing tells apart that
// is of no pair hides nothing, and is an error.
func TestEachKindOfPairsHasSome(t *testing.T) {
	t.Parallel()
	faults := fault.Faults()
	called := func(patterns ...string) (some []fault.Variant) {
		for _, f := range faults {
			if named(patterns, f.Name) {
				some = append(some, f)
			}
		}
		return some
	}
	pairsWith := func(known, added []fault.Variant) bool {
		return slices.ContainsFunc(known, func(a fault.Variant) bool {
			return slices.ContainsFunc(added, func(b fault.Variant) bool {
				return a.Fact != b.Fact && fixtures.FactOf(a.Fact).Endpoint == fixtures.FactOf(b.Fact).Endpoint
			})
		})
	}
	for _, kind := range indistincts() {
		assert.NotEmpty(t, kind.because)
		known, added := called(kind.known...), called(kind.new...)
		for _, pattern := range kind.known {
			assert.True(t, pairsWith(called(pattern), added), "%s: %s", kind.because, pattern)
		}
		for _, pattern := range kind.new {
			assert.True(t, pairsWith(known, called(pattern)), "%s: %s", kind.because, pattern)
		}
	}
}
