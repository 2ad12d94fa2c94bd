package metrics

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/pocketcheck/pocketcheck/reference/postgres"
)

// Store is a store that tells of itself, as a [postgres.Store] does.
type Store interface {
	Pools() (reads, writes *pgxpool.Stat)
	Pending(context.Context) (postgres.Pending, error)
	Retries() int64
}

// patience is how long the database may take to count.
const patience = 2 * time.Second

// stored collects what a store tells, when it is asked.
type stored struct{ Store }

func described(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("pocketcheck_"+name, help, labels, nil)
}

var (
	connections    = described("postgresql_connections", "Connections to PostgreSQL, by pool and state.", "pool", "state")
	maxConnections = described("postgresql_max_connections", "How many there may be.", "pool")
	acquires       = described("postgresql_acquires_total", "How often a connection was taken from the pool.", "pool")
	waits          = described("postgresql_acquire_waits_total", "How often one had to be waited for, since none was free.", "pool")
	waited         = described("postgresql_acquire_wait_seconds_total", "How long that took, in all.", "pool")
	canceled       = described("postgresql_acquires_canceled_total", "How often nobody waited until one was free.", "pool")
	documents      = described("outbox_documents", "Documents that Elasticsearch is still to get.")
	oldest         = described("outbox_oldest_age_seconds", "How long the one of them that waits longest waits at least.")
	retries        = described("outbox_retries_total", "Documents that were put into Elasticsearch again, since it did not get them at once.")
)

// Describe sends the descriptions of all metrics.
func (s stored) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{connections, maxConnections, acquires, waits, waited, canceled, documents, oldest, retries} {
		to <- d
	}
}

// Collect sends them as they are by now.
func (s stored) Collect(to chan<- prometheus.Metric) {
	reads, writes := s.Pools()
	pool(to, "read", reads)
	pool(to, "write", writes)
	to <- prometheus.MustNewConstMetric(retries, prometheus.CounterValue, float64(s.Retries()))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	pending, err := s.Pending(ctx)
	if err != nil {
		return // the health tells of a database that is away
	}
	to <- prometheus.MustNewConstMetric(documents, prometheus.GaugeValue, float64(pending.Documents))
	to <- prometheus.MustNewConstMetric(oldest, prometheus.GaugeValue, pending.Oldest.Seconds())
}

func pool(to chan<- prometheus.Metric, name string, s *pgxpool.Stat) {
	for state, n := range map[string]int32{"acquired": s.AcquiredConns(), "idle": s.IdleConns(), "constructing": s.ConstructingConns()} {
		to <- prometheus.MustNewConstMetric(connections, prometheus.GaugeValue, float64(n), name, state)
	}
	to <- prometheus.MustNewConstMetric(maxConnections, prometheus.GaugeValue, float64(s.MaxConns()), name)
	for d, n := range map[*prometheus.Desc]float64{
		acquires: float64(s.AcquireCount()), waits: float64(s.EmptyAcquireCount()),
		waited: s.EmptyAcquireWaitTime().Seconds(), canceled: float64(s.CanceledAcquireCount()),
	} {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, n, name)
	}
}
