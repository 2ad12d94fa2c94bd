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
	mu        sync.Mutex
	away      bool
	documents map[string]reference.Document
	log       bytes.Buffer // of the store
}

var errAway = errors.New("the index is away")

func (u *unsteady) Put(_ context.Context, documents ...reference.Document) ([]reference.Document, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.away {
		return nil, errAway
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
	if u.away {
		return nil, errAway
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

func (u *unsteady) is(away bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.away = away
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
	s, err := Open(t.Context(), address, u, reference.DefaultCapacity, slog.New(slog.NewTextHandler(u, nil)))
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s, u, connect(t, address)
}

// TestPendingDocumentsAreRepaired: while the index is away a write is refused and
// done, and reads as it was written. Once it is back, it gets what it missed.
func TestPendingDocumentsAreRepaired(t *testing.T) {
	t.Parallel()
	s, index, conn := openUnsteady(t)
	changed, err := s.CreateAsset(t.Context(), reference.Asset{ID: "changed", Title: "old"})
	require.NoError(t, err)
	_, err = s.CreateAsset(t.Context(), reference.Asset{ID: "deleted", Title: "old"})
	require.NoError(t, err)

	index.is(true)
	changed.Title = "new"
	_, err = s.UpdateAsset(t.Context(), changed)
	require.ErrorIs(t, err, errAway)
	require.ErrorIs(t, s.DeleteAsset(t.Context(), "deleted"), errAway)
	read, err := s.Asset(t.Context(), "changed")
	require.NoError(t, err, "it is read without the index")
	assert.Equal(t, "new", read.Title)
	_, err = s.Asset(t.Context(), "deleted")
	require.ErrorIs(t, err, reference.ErrNotFound)
	index.says(t, `level=WARN msg="documents are pending"`)

	index.is(false)
	index.says(t, `level=INFO msg="pending documents repaired" count=2`)
	require.Eventually(t, func() bool {
		var pending int
		return assert.NoError(t, conn.QueryRow(t.Context(), `SELECT count(*) FROM pending`).Scan(&pending)) && pending == 0
	}, time.Minute, 20*time.Millisecond)
	again, err := s.Asset(t.Context(), "changed")
	require.NoError(t, err)
	assert.Equal(t, read, again)
	assert.Contains(t, string(index.documents["changed"].Source), `"title":"new"`)
	assert.Nil(t, index.documents["deleted"].Source)
}

// TestAttemptsAreFartherApart: the more there were, whoever makes them.
func TestAttemptsAreFartherApart(t *testing.T) {
	t.Parallel()
	s, index, conn := openUnsteady(t)
	s.stop() // the worker would take what is due
	<-s.done
	index.is(true)
	_, err := s.CreateAsset(t.Context(), reference.Asset{ID: "a"})
	require.ErrorIs(t, err, errAway)
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

// TestNewerDocumentStaysPending: the index has an older one, and says so late.
func TestNewerDocumentStaysPending(t *testing.T) {
	t.Parallel()
	s, index, conn := openUnsteady(t)
	s.stop()
	<-s.done
	index.is(true)
	_, err := s.CreateAsset(t.Context(), reference.Asset{ID: "a"})
	require.ErrorIs(t, err, errAway)
	d := reference.Document{Collection: s.assets, ID: "a"}
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT version FROM pending`).Scan(&d.Version))
	for _, tt := range []struct {
		had     int64
		pending int
	}{{d.Version - 1, 1}, {d.Version, 0}} {
		d.Version = tt.had
		require.NoError(t, s.settle(t.Context(), []reference.Document{d}))
		var pending int
		require.NoError(t, conn.QueryRow(t.Context(), `SELECT count(*) FROM pending`).Scan(&pending))
		assert.Equal(t, tt.pending, pending)
	}
}
