package postgres

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/reference"
)

// unsteady is an index that may be away.
type unsteady struct {
	reference.Index // what it does not have
	mu              sync.Mutex
	away            error // what it answers with, if anything
	documents       map[string]reference.Document
	log             bytes.Buffer // of the store
}

var errAway = errors.New("the index is away")

func (u *unsteady) Prepare(ctx context.Context, _ ...string) error {
	u.mu.Lock()
	away := u.away
	u.mu.Unlock()
	if errors.Is(away, errHangs) {
		<-ctx.Done()
		return ctx.Err()
	}
	return away
}

// errHangs is that of an index which takes a request, and does not answer.
var errHangs = errors.New("the index hangs")

func (u *unsteady) Put(_ context.Context, documents ...reference.Document) ([]reference.Document, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.away != nil {
		return nil, u.away
	}
	for _, d := range documents {
		if d.Version > u.documents[d.ID].Version {
			u.documents[d.ID] = d
		}
	}
	return documents, nil
}

func (u *unsteady) Get(_ context.Context, _ string, ids ...string) (found []reference.Document, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.away != nil {
		return nil, u.away
	}
	for _, id := range ids {
		if d := u.documents[id]; d.Source != nil {
			found = append(found, d)
		}
	}
	return found, nil
}

func (u *unsteady) Write(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.log.Write(p)
}

func (u *unsteady) is(away error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.away = away
}

func (u *unsteady) has(id string) reference.Document {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.documents[id]
}

func (u *unsteady) set(id string, d reference.Document) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.documents[id] = d
}

// says waits until the store has logged a text.
func (u *unsteady) says(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool {
		u.mu.Lock()
		defer u.mu.Unlock()
		return bytes.Contains(u.log.Bytes(), []byte(text))
	}, time.Minute, 20*time.Millisecond, text)
}

func openUnsteady(t *testing.T) (*Store, *unsteady, *pgx.Conn) {
	t.Helper()
	address := newDatabase(t)
	u := &unsteady{documents: map[string]reference.Document{}}
	s, err := Open(t.Context(), address, u, Options{Capacity: reference.DefaultCapacity, Log: slog.New(slog.NewTextHandler(u, nil))})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s, u, connect(t, address)
}

// settled waits until nothing is pending.
func settled(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	require.Eventually(t, func() bool { return pendingIn(t, conn) == 0 }, time.Minute, 20*time.Millisecond)
}

func pendingIn(t *testing.T, conn *pgx.Conn) (n int) {
	t.Helper()
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT count(*) FROM pending`).Scan(&n))
	return n
}

// TestIndexIsAway: while it is, reads and writes go on. Once it is back, it gets what
// it missed.
func TestIndexIsAway(t *testing.T) {
	t.Parallel()
	s, index, conn := openUnsteady(t)
	changed, err := s.CreateAsset(t.Context(), reference.Asset{ID: "changed", Title: "old"})
	require.NoError(t, err)
	_, err = s.CreateAsset(t.Context(), reference.Asset{ID: "deleted", Title: "old"})
	require.NoError(t, err)
	settled(t, conn)

	index.is(errAway)
	changed.Title = "new"
	_, err = s.UpdateAsset(t.Context(), changed)
	require.NoError(t, err)
	require.NoError(t, s.DeleteAsset(t.Context(), "deleted"))
	read, err := s.Asset(t.Context(), "changed")
	require.NoError(t, err)
	assert.Equal(t, "new", read.Title)
	_, err = s.Asset(t.Context(), "deleted")
	require.ErrorIs(t, err, reference.ErrNotFound)
	index.says(t, `level=WARN msg="the index does not answer; documents are read from PostgreSQL" error="the index is away"`)
	index.says(t, `level=WARN msg="documents are pending"`)
	assert.Equal(t, 2, pendingIn(t, conn))

	index.is(nil)
	settled(t, conn)
	again, err := s.Asset(t.Context(), "changed")
	require.NoError(t, err)
	assert.Equal(t, read, again)
	index.says(t, `level=INFO msg="the index answers again"`)
	assert.Contains(t, string(index.has("changed").Source), `"title":"new"`)
	assert.Nil(t, index.has("deleted").Source)
}

// TestStartWithoutIndex: one that was there once may be away, and one that is unfit may not.
func TestStartWithoutIndex(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	u := &unsteady{documents: map[string]reference.Document{}}
	start := func() error {
		limited, cancel := context.WithTimeout(t.Context(), starting-5*time.Second)
		defer cancel()
		s, err := Open(limited, address, u, Options{Capacity: reference.DefaultCapacity, Log: slog.New(slog.NewTextHandler(u, nil))})
		if err == nil {
			s.Close()
		}
		return err
	}
	u.is(errAway)
	require.ErrorIs(t, start(), errAway, "it was never there")
	u.is(nil)
	require.NoError(t, start())
	u.is(errAway)
	require.NoError(t, start())
	u.says(t, `level=WARN msg="the index does not answer; documents are read from PostgreSQL" error="the index is away"`)
	u.is(errHangs)
	require.NoError(t, start(), "in less time than one that was never there may take")
	u.is(reference.Unfit("it is something else"))
	require.ErrorContains(t, start(), "it is something else")
}

// TestIndexIsWrong: what it has lost, or has from a later or another life of the
// database, is read as it is, and put right.
func TestIndexIsWrong(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]func(d reference.Document) reference.Document{
		"lost": func(reference.Document) reference.Document { return reference.Document{} },
		"stale": func(d reference.Document) reference.Document {
			d.Version--
			d.Source = []byte(`{"title":"stale"}`)
			return d
		},
		"other": func(d reference.Document) reference.Document { d.Source = []byte(`{"title":"other"}`); return d },
		"later": func(d reference.Document) reference.Document {
			d.Version += 7
			d.Source = []byte(`{"title":"later"}`)
			return d
		},
		"deleted": func(d reference.Document) reference.Document { d.Version += 7; d.Source = nil; return d },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, index, conn := openUnsteady(t)
			a, err := s.CreateAsset(t.Context(), reference.Asset{ID: "a", Title: "right"})
			require.NoError(t, err)
			settled(t, conn)
			right := index.has("a")
			index.set("a", wrong(right))
			read, err := s.Asset(t.Context(), "a")
			require.NoError(t, err)
			assert.Equal(t, a, read)
			require.Eventually(t, func() bool { return string(index.has("a").Source) == string(right.Source) },
				time.Minute, 20*time.Millisecond)
			settled(t, conn)
			read, err = s.Asset(t.Context(), "a")
			require.NoError(t, err)
			assert.Equal(t, index.has("a").Version, read.Version)
			read.Title = "changed"
			_, err = s.UpdateAsset(t.Context(), read)
			require.NoError(t, err)
		})
	}
}

// TestAttemptsAreFartherApart: the more there were, whoever makes them.
func TestAttemptsAreFartherApart(t *testing.T) {
	t.Parallel()
	s, _, conn := openIdle(t)
	_, err := s.CreateAsset(t.Context(), reference.Asset{ID: "a"})
	require.NoError(t, err)
	leased, err := s.lease(t.Context())
	require.NoError(t, err)
	require.Empty(t, leased, "the write itself has some time")
	for _, want := range []time.Duration{often, 2 * often, 4 * often, 8 * often, 16 * often, rarely, rarely} {
		_, err := conn.Exec(t.Context(), `UPDATE pending SET due = now()`)
		require.NoError(t, err)
		leased, err = s.lease(t.Context())
		require.NoError(t, err)
		require.Len(t, leased, 1)
		var left time.Duration
		require.NoError(t, conn.QueryRow(t.Context(), `SELECT due - now() FROM pending`).Scan(&left))
		assert.LessOrEqual(t, left, want)
		assert.Greater(t, left, want/2)
		leased, err = s.lease(t.Context())
		require.NoError(t, err)
		require.Empty(t, leased, "another worker gets it")
	}
}

// openIdle opens a store that brings nothing to the index.
func openIdle(t *testing.T) (*Store, *unsteady, *pgx.Conn) {
	t.Helper()
	s, index, conn := openUnsteady(t)
	s.stop()
	s.done.Wait()
	return s, index, conn
}

// TestNewerDocumentStaysPending: the index has an older one, and says so late.
func TestNewerDocumentStaysPending(t *testing.T) {
	t.Parallel()
	s, _, conn := openIdle(t)
	a, err := s.CreateAsset(t.Context(), reference.Asset{ID: "a"})
	require.NoError(t, err)
	for _, tt := range []struct {
		had     int64
		pending int
	}{{a.Version - 1, 1}, {a.Version, 0}} {
		require.NoError(t, s.settle(t.Context(), []document{{Kind: assets, ID: "a", Version: tt.had}}))
		assert.Equal(t, tt.pending, pendingIn(t, conn))
	}
}
