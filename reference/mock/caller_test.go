package mock_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/mock"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// counting counts how often a store is asked who has a key.
type counting struct {
	reference.Store
	asked atomic.Int64
}

func (c *counting) UserByKey(ctx context.Context, key reference.KeyHash) (reference.User, error) {
	c.asked.Add(1)
	return c.Store.UserByKey(ctx, key)
}

// TestAsksOnceWhoCalls: who looks through the rules, the reference and the journal all want to know.
func TestAsksOnceWhoCalls(t *testing.T) {
	t.Parallel()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	store := &counting{Store: memory.New()}
	m, err := mock.New(store, mock.Options{Seed: seed})
	require.NoError(t, err)
	api, levers := httptest.NewServer(m), httptest.NewServer(m.Control())
	t.Cleanup(api.Close)
	t.Cleanup(levers.Close)
	b := &bench{&control.Client{URL: levers.URL}, api.URL, m, t}
	for _, about := range []string{"no rule", "a rule for another"} {
		before := store.asked.Load()
		assert.Equal(t, 200, b.status(adminKey, sample), about)
		assert.EqualValues(t, 1, store.asked.Load()-before, about)
		b.rule(control.Rule{User: editor, Status: 500})
	}
}

// TestUnread: without a journal, rules and preferences answer as they do with one.
func TestUnread(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *mock.Options) { o.Unread, o.Prefer = true, true })
	assert.Equal(t, 200, b.status(adminKey, sample))
	assert.Equal(t, 404, b.asks(adminKey, "GET", "/api/v2/assets/"+sample, "", "Prefer", "code=404").status)
	b.rule(control.Rule{User: editor, Status: 500})
	assert.Equal(t, 500, b.status(editorKey, sample))
	assert.Equal(t, 200, b.status(adminKey, sample))
	assert.Empty(t, must(b.Journal(t.Context(), traffic.Filter{}))(t))
}

// TestFaultKnowsCallersOtherwise: what a fault makes of a caller counts, though a rule for another was looked at.
func TestFaultKnowsCallersOtherwise(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *mock.Options) { o.Faults = []string{"dag_actions.list.no-permission/not-checked"} })
	b.rule(control.Rule{User: editor, Status: 500})
	a := b.asks("pocketcheck-without-actions-view-key", "GET", "/api/v2/assets/"+sample+"/dag_actions", "")
	assert.Equal(t, 200, a.status, a.body)
}
