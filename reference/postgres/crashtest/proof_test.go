package crashtest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// tampered is a store that lies, once it is told how.
type tampered struct {
	reference.Store
	asset  func(*reference.Asset)
	events func([]reference.Event) []reference.Event
}

// Asset returns one, or something else.
func (s *tampered) Asset(ctx context.Context, id string) (reference.Asset, error) {
	a, err := s.Store.Asset(ctx, id)
	if err == nil && s.asset != nil {
		s.asset(&a)
	}
	return a, err
}

// Events returns those of an asset, or others.
func (s *tampered) Events(ctx context.Context, id string, before int64, limit int) ([]reference.Event, error) {
	events, err := s.Store.Events(ctx, id, before, limit)
	if err == nil && s.events != nil {
		events = s.events(events)
	}
	return events, err
}

// memoryBehind is the memory store, with an index as it would be.
type memoryBehind struct {
	reference.Store
	mu      sync.Mutex
	created []string
	tamper  func(documents map[string]indexed)
}

// CreateAsset keeps the id, since a store does not list assets.
func (s *memoryBehind) CreateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	s.mu.Lock()
	s.created = append(s.created, a.ID)
	s.mu.Unlock()
	return s.Store.CreateAsset(ctx, a, events...)
}

func (s *memoryBehind) rows(ctx context.Context) (map[string]int64, error) {
	rows := map[string]int64{}
	for _, id := range s.created {
		if a, err := s.Store.Asset(ctx, id); err == nil {
			rows[id] = a.Version
		}
	}
	return rows, nil
}

func (s *memoryBehind) documents(ctx context.Context) (map[string]indexed, error) {
	rows, _ := s.rows(ctx) // never fails
	documents := map[string]indexed{}
	for id, version := range rows {
		a, err := s.Store.Asset(ctx, id)
		if err != nil {
			return nil, err
		}
		source, err := json.Marshal(map[string]any{
			"external_id": a.ExternalID, "project_id": a.ProjectID, "owner": a.Owner, "title": a.Title, "description": a.Description,
			"category": a.Category, "tags": a.Tags, "media_type": a.MediaType, "original_filename": a.OriginalFilename,
			"created_date": a.CreatedDate, "modification_date": a.ModificationDate, "deleted": a.Deleted,
		})
		if err != nil {
			return nil, err
		}
		documents[id] = indexed{version, gjson.ParseBytes(source)}
	}
	if s.tamper != nil {
		s.tamper(documents)
	}
	return documents, nil
}

// crashless is a load on two references in this process, and what to tamper with.
type crashless struct {
	*load
	store   *memoryBehind
	lies    [2]*tampered // of each reference
	servers [2]*reference.Server
	writers []*writer
}

func newCrashless(t *testing.T) *crashless {
	t.Helper()
	seed, err := defaultSeed()
	require.NoError(t, err)
	c := &crashless{load: &load{seed: 1, patience: answersWithin}, store: &memoryBehind{Store: memory.New()}}
	for n := range c.lies {
		c.lies[n] = &tampered{Store: c.store}
		c.servers[n], err = reference.New(c.lies[n], reference.Options{Seed: seed})
		require.NoError(t, err)
		c.serve(t, c.servers[n])
	}
	return c
}

// serve lets one more server be asked. Its end waits for the handlers of requests
// whose clients have gone.
func (c *crashless) serve(t *testing.T, h http.Handler) (end func()) {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c.references = append(c.references, s.URL)
	return s.Close
}

// run lets writers send requests.
func (c *crashless) run(t *testing.T, writers, requests int) {
	t.Helper()
	first := c.writer(writers)
	require.True(t, first.begin())
	c.shared = first.living
	c.writers = []*writer{first}
	for n := range writers {
		w := c.writer(n)
		require.True(t, w.begin())
		c.writers = append(c.writers, w)
	}
	c.more(requests)
}

// more lets them send further ones.
func (c *crashless) more(requests int) {
	var running sync.WaitGroup
	for _, w := range c.writers[1:] {
		running.Go(func() {
			for range requests {
				w.next()
			}
		})
	}
	running.Wait()
}

func (c *crashless) check(t *testing.T) {
	t.Helper()
	checker := &checker{load: c.load, behind: c.store}
	for _, w := range c.writers {
		checker.records = append(checker.records, &w.record)
	}
	_, _, err := checker.check(t.Context())
	require.NoError(t, err)
}

// TestCheckerFindsNothing checks a load that nobody tampered with.
func TestCheckerFindsNothing(t *testing.T) {
	t.Parallel()
	c := newCrashless(t)
	c.run(t, 4, 500)
	c.check(t)
	assert.Empty(t, c.found.texts)
	assert.Greater(t, c.counted.acknowledged.Load(), int64(800))
	assert.Greater(t, c.counted.refused.Load(), int64(100))
	assert.Greater(t, c.counted.reads.Load(), int64(300))
	assert.Zero(t, c.counted.unknown.Load())
}
