// Package metrics counts what a server does, for Prometheus. No label holds a key, nor any
// text that a client chose.
package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// other is the endpoint of requests to none.
const other = "other"

// Metrics are those of one server; make them with [New]. They are safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec

	purges, failures, deleted prometheus.Counter
}

// buckets go from what a request takes in memory to what clients wait for.
var buckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// New gives the metrics of a server, and of the store that it is on; nil where that is in
// memory.
func New(store Store) *Metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "pocketcheck_http_requests_total",
			Help: "Requests to the API by endpoint and status; 0 where the answer broke off before it had one.",
		}, []string{"endpoint", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "pocketcheck_http_request_duration_seconds", Help: "How long requests to the API took, by endpoint.", Buckets: buckets,
		}, []string{"endpoint"}),
		purges:   counter("pocketcheck_purge_runs_total", "How often the trash bin was emptied of what was there for 14 days."),
		failures: counter("pocketcheck_purge_failures_total", "How often that failed."),
		deleted:  counter("pocketcheck_purge_deleted_assets_total", "Assets that were deleted so."),
	}
	m.registry.MustRegister(m.requests, m.took, m.purges, m.failures, m.deleted,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if store != nil {
		m.registry.MustRegister(stored{store})
	}
	return m
}

// Answered counts a request to an endpoint, as documented; "" where it is to none.
func (m *Metrics) Answered(endpoint string, status int, took time.Duration) {
	if endpoint == "" {
		endpoint = other
	}
	m.requests.WithLabelValues(endpoint, strconv.Itoa(status)).Inc()
	m.took.WithLabelValues(endpoint).Observe(took.Seconds())
}

// Purged counts that the trash bin was emptied, and of how many assets.
func (m *Metrics) Purged(deleted int, err error) {
	m.purges.Inc()
	m.deleted.Add(float64(deleted))
	if err != nil {
		m.failures.Inc()
	}
}

// Handler answers with the metrics. What can't be had at the moment, such as while the
// database is away, is left out.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, EnableOpenMetrics: true})
}
