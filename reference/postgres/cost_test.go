package postgres

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
	"github.com/pocketcheck/pocketcheck/reference"
)

const (
	atATime = 32              // connections
	each    = 2 * time.Second // of one kind of request, in a round
	rounds  = 5
)

// BenchmarkCost reports how many requests a reference answers for each that what it
// stands on would by itself: medians of rounds in which each has its turn.
func BenchmarkCost(b *testing.B) {
	c := newCost(b)
	for b.Loop() {
		get, bare := c.compare(b, c.getAsset, c.getDocument)
		report(b, "get_per_bare_document", get, bare)
		post, least := c.compare(b, c.postComment, c.leastTransaction)
		report(b, "post_per_least_transaction", post, least)
		one, leastOfOne := c.compare(b, c.postCommentTo(c.assets[0]), c.leastTransactionOn(c.assets[0]))
		report(b, "post_to_one_per_least_transaction", one, leastOfOne)
		b.ReportMetric(0, "ns/op") // of no interest: all of them together
	}
}

func report(b *testing.B, name string, ours, bare []float64) {
	var ratios []float64
	for i := range ours {
		ratios = append(ratios, ours[i]/bare[i])
	}
	slices.Sort(ratios)
	slices.Sort(ours)
	slices.Sort(bare)
	b.Logf("%-36s %.0f/s and %.0f/s: %.2f (%.2f to %.2f)", name, ours[rounds/2], bare[rounds/2], ratios[rounds/2], ratios[0], ratios[rounds-1])
	b.ReportMetric(ratios[rounds/2], name)
}

type cost struct {
	store      *Store
	url        string // of the reference
	collection string // of the bare index
	assets     []string
	pool       *pgxpool.Pool
	client     *http.Client
}

func newCost(b *testing.B) *cost {
	address, capacity := newDatabase(b), reference.DefaultCapacity
	capacity.Each = 10_000_000 // more than there will be
	s := openStore(b, address, capacity)
	b.Cleanup(s.Close)
	server, err := reference.New(s, reference.Options{
		Log: slog.New(slog.NewTextHandler(b.Output(), nil)),
		Seed: reference.Seed{
			Users: []reference.User{author}, Keys: []reference.UserKey{{Hash: reference.HashKey(key), UserID: author.ID}},
		},
	})
	require.NoError(b, err)
	web := httptest.NewServer(server)
	b.Cleanup(web.Close)
	config, err := pgxpool.ParseConfig(address)
	require.NoError(b, err)
	config.MaxConns = atATime
	pool, err := pgxpool.NewWithConfig(b.Context(), config)
	require.NoError(b, err)
	b.Cleanup(pool.Close)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 2 * atATime
	transport.DisableCompression = true
	c := &cost{
		store: s, url: web.URL + "/api/v2/assets/", pool: pool, client: &http.Client{Transport: transport},
		collection: containertest.Shared(b).ElasticsearchURL() + "/" + s.collection(assets) + "/_doc/",
	}
	for i := range 1000 {
		a, err := s.CreateAsset(b.Context(), makeAsset(i))
		require.NoError(b, err)
		c.assets = append(c.assets, a.ID)
	}
	require.Eventually(b, func() bool {
		n, err := one(b.Context(), s, pgx.RowTo[int], `SELECT count(*) FROM pending`)
		return err == nil && n == 0
	}, time.Minute, 20*time.Millisecond)
	return c
}

// compare gives how many of each were done in a second, round by round.
func (c *cost) compare(b *testing.B, ours, bare func(n int) error) (of, than []float64) {
	perSecond := func(do func(n int) error) float64 { return c.perSecond(b, do) }
	perSecond(ours) // fills caches and pools
	for range rounds {
		of, than = append(of, perSecond(ours)), append(than, perSecond(bare))
	}
	return of, than
}

func (c *cost) perSecond(b *testing.B, do func(n int) error) float64 {
	var workers sync.WaitGroup
	var done atomic.Int64
	begin := time.Now()
	for range atATime {
		workers.Go(func() {
			for time.Since(begin) < each && !b.Failed() {
				assert.NoError(b, do(int(done.Add(1))))
			}
		})
	}
	workers.Wait()
	return float64(done.Load()) / time.Since(begin).Seconds()
}

func (c *cost) asset(n int) string { return c.assets[n*7919%len(c.assets)] }

func (c *cost) ask(method, url, body string) error {
	r, err := http.NewRequestWithContext(context.Background(), method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("X-API-KEY", key)
	r.Header.Set("Content-Type", "application/json")
	answer, err := c.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // it is read to its end
	text, err := io.ReadAll(answer.Body)
	if err == nil && (answer.StatusCode != http.StatusOK || bytes.Contains(text, []byte(`"error"`))) {
		err = fmt.Errorf("%s %s: %d: %s", method, url, answer.StatusCode, text)
	}
	return err
}

func (c *cost) getAsset(n int) error { return c.ask(http.MethodGet, c.url+c.asset(n), "") }

func (c *cost) getDocument(n int) error { return c.ask(http.MethodGet, c.collection+c.asset(n), "") }

func (c *cost) postComment(n int) error { return c.postCommentTo(c.asset(n))(n) }

func (c *cost) postCommentTo(asset string) func(int) error {
	return func(int) error {
		return c.ask(http.MethodPost, c.url+asset+"/comments", `{"comment":"More sheep, please"}`)
	}
}

// leastTransaction is what must be done to keep a comment and its event.
func (c *cost) leastTransaction(n int) error { return c.leastTransactionOn(c.asset(n))(n) }

func (c *cost) leastTransactionOn(asset string) func(int) error {
	return func(int) error {
		ctx := context.Background()
		return pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO comments (asset_id, author_id, message, updated_at) VALUES ($1, 1, $2, now())`, asset, []byte("More sheep, please"))
			if err == nil {
				_, err = tx.Exec(ctx, `INSERT INTO events (asset_id, user_id, type, created_at) VALUES ($1, 1, 'COMMENT_ADDED', now())`, asset)
			}
			return err
		})
	}
}
