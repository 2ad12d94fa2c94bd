package crashtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	writers = 8
	// answersWithin is how long a request may take: what the reference gives
	// itself, and what the longest cut or pause of the reference adds.
	answersWithin = 20 * time.Second
	// recovers is how long it may take after a fault until all is well again.
	recovers = time.Minute
	// calm is how long it stays so.
	calm = 500 * time.Millisecond
)

// TestCrash kills, pauses and cuts off PostgreSQL, Elasticsearch and two
// references while clients write. Afterwards all that was acknowledged must be
// there, nothing that was deleted, and nothing by halves.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("kills containers and processes for two minutes; run it without -short")
	}
	if stop == nil {
		t.Skip("pauses processes by a signal that only Unix has")
	}
	seed := environmentNumber(t, "POCKETCHECK_CRASH_SEED", rand.Uint64N(1_000_000))
	fmt.Printf("crash test: POCKETCHECK_CRASH_SEED=%d\n", seed)
	t.Parallel()
	c := newCluster(t)
	faults := plan(rand.New(rand.NewPCG(seed, 0)), c.suspects, int(environmentNumber(t, "POCKETCHECK_CRASH_FAULTS", 30)))
	l := &load{references: c.urls(), seed: seed, patience: answersWithin, pause: 30 * time.Millisecond}
	records, err := c.suffer(t, l, faults)
	if err == nil {
		err = c.check(t, l, records)
	}
	fmt.Printf("crash test: seed %d, %d faults: %s\n%s\n", seed, len(faults), summary(faults), l)
	for what, texts := range l.found.texts {
		assert.Fail(t, what, strings.Join(texts[:min(len(texts), 20)], "\n"))
	}
	assert.NoError(t, err)
	if t.Failed() {
		for n, r := range c.references {
			r.close()
			t.Logf("reference %d says:\n%s", n+1, r.said())
		}
	}
}

// environmentNumber reads a number from the environment.
func environmentNumber(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, name)
	return n
}

// suffer lets the faults happen, one at a time, under load. It returns the
// records of all writers.
func (c *cluster) suffer(t *testing.T, l *load, faults []fault) ([]*record, error) {
	var probes []*writer
	var records []*record
	for to := range l.references {
		probe := l.writer(writers + to)
		probe.only = &to
		require.True(t, probe.begin(), "%v", l.found.texts)
		l.shared = append(l.shared, probe.living[1])
		probes, records = append(probes, probe), append(records, &probe.record)
	}
	stop := make(chan struct{})
	var running sync.WaitGroup
	defer running.Wait()
	defer close(stop)
	for n := range writers {
		w := l.writer(n)
		require.True(t, w.begin(), "%v", l.found.texts)
		records = append(records, &w.record)
		running.Go(func() { w.until(stop) })
	}
	for n, f := range faults {
		t.Logf("%s fault %d: %s", time.Now().Format(clock), n+1, f)
		if err := f.happen(t.Context()); err != nil {
			return records, err
		}
		if err := errors.Join(heals(t.Context(), probes), wait(t.Context(), calm)); err != nil {
			return records, err
		}
	}
	return records, nil
}

// heals waits until writes are acknowledged through every reference.
func heals(ctx context.Context, probes []*writer) error {
	deadline := time.Now().Add(recovers)
	for _, probe := range probes {
		for probe.update(probe.living[0]); probe.failed > 0; probe.update(probe.living[0]) {
			if time.Now().After(deadline) {
				return fmt.Errorf("no write is acknowledged by %s, %s after the fault", probe.references[*probe.only], recovers)
			}
			if err := wait(ctx, 50*time.Millisecond); err != nil {
				return err
			}
		}
	}
	return nil
}

// check waits until everything has settled, and compares.
func (c *cluster) check(t *testing.T, l *load, records []*record) error {
	ctx := t.Context()
	if err := wait(ctx, time.Until(l.settled)); err != nil {
		return err
	}
	database, err := pgx.Connect(ctx, c.stack.DatabaseURL())
	if err != nil {
		return err
	}
	defer func() { _ = database.Close(ctx) }() // it was only read
	b := stackBehind{database, c.stack.ElasticsearchURL()}
	if err := errors.Join(c.putRight(ctx), b.settle(ctx)); err != nil {
		return err
	}
	checker := &checker{load: l, behind: b, records: records}
	known, living, err := checker.check(ctx)
	t.Logf("%d assets, of which %d are there", known, living)
	return err
}
