// Package elastic is a [reference.Index] in Elasticsearch.
package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"
	"github.com/elastic/go-elasticsearch/v8/esapi"

	"github.com/pocketcheck/pocketcheck/reference"
)

// Index is a [reference.Index]; make one with [Open].
//
// It has go-elasticsearch's requests and their transport, without the client
// above them: that brings nearly 900 packages of a typed API along, which take
// longer to build than all else.
type Index struct{ transport esapi.Transport }

var _ reference.Index = (*Index)(nil)

// template says how collections are made when their first document comes. Their
// documents are found by id, so that only what one would search for is indexed;
// a keyword above Lucene's limit of 32,766 bytes would refuse its document. A
// deletion is remembered for an hour, against a document that is put late.
const template = `{
	"index_patterns": ["pocketcheck-*"],
	"template": {
		"settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "index.gc_deletes": "1h"},
		"mappings": {
			"dynamic": false,
			"properties": {
				"title": {"type": "text"},
				"description": {"type": "text"},
				"category": {"type": "keyword", "ignore_above": 256},
				"tags": {"type": "keyword", "ignore_above": 256},
				"external_id": {"type": "keyword", "ignore_above": 256},
				"owner": {"type": "keyword", "ignore_above": 256}
			}
		}
	}
}`

// patience is how long a cluster may think about an answer, where the context of
// the request leaves it more.
const patience = 30 * time.Second

// busy are the answers of a cluster that has no room for a request at the moment,
// as while it collects its garbage, or of what stands before it.
var busy = []int{
	http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// backoff is how long to wait before an attempt, of which the first repeats a
// request: a second and a half in all, a fraction of what an answer may take.
func backoff(attempt int) time.Duration { return 50 * time.Millisecond << attempt }

// Open connects to the cluster at address, such as http://host:9200, which may
// hold a user and a password. No error has the password.
func Open(ctx context.Context, address string) (*Index, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, errors.New("not an address of Elasticsearch; write http://host:9200")
	}
	patient := http.DefaultTransport.(*http.Transport).Clone()
	patient.ResponseHeaderTimeout = patience
	transport, err := elastictransport.NewClient(elastictransport.WithURLs(u), elastictransport.WithTransport(patient),
		elastictransport.WithRetry(3, busy...), elastictransport.WithRetryBackoff(backoff))
	if err != nil {
		return nil, fmt.Errorf("connect to Elasticsearch: %w", err)
	}
	i := &Index{transport}
	if err := i.prepare(ctx); err != nil {
		return nil, fmt.Errorf("connect to Elasticsearch: %w; check that it runs, and its address", err)
	}
	return i, nil
}

// prepare makes sure that it is Elasticsearch, and tells it of collections.
func (i *Index) prepare(ctx context.Context) error {
	var cluster struct{ Version struct{ Number string } }
	if err := i.do(ctx, esapi.InfoRequest{}, &cluster); err != nil {
		return err
	}
	if cluster.Version.Number == "" {
		return errors.New("what answers there is something else")
	}
	put := esapi.IndicesPutIndexTemplateRequest{Name: "pocketcheck", Body: strings.NewReader(template)}
	return i.do(ctx, put, nil)
}

// action is a line of a bulk request that says what to do with a document.
type action struct {
	Index       string `json:"_index"`
	ID          string `json:"_id"`
	Version     int64  `json:"version"`
	VersionType string `json:"version_type"`
}

// outcome is what became of an action.
type outcome struct {
	Status int   `json:"status"`
	Error  cause `json:"error"`
}

type cause struct {
	Type   string `json:"type"`
	Reason string `json:"reason"`
}

// Put stores or deletes documents with their versions as external ones, so that
// an older one never replaces a newer.
func (i *Index) Put(ctx context.Context, documents ...reference.Document) ([]reference.Document, error) {
	body, err := bulk(documents)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Items []map[string]outcome `json:"items"`
	}
	if err := i.do(ctx, esapi.BulkRequest{Body: body}, &answer); err != nil {
		return nil, fmt.Errorf("put %d documents: %w", len(documents), err)
	}
	if len(answer.Items) != len(documents) {
		return nil, fmt.Errorf("put %d documents: the answer has %d", len(documents), len(answer.Items))
	}
	var stored []reference.Document
	var problems []error
	for n, item := range answer.Items {
		for _, o := range item { // its one member has the action's name
			switch {
			case o.Status < 300, o.Status == http.StatusConflict, o.Status == http.StatusNotFound && documents[n].Source == nil:
				stored = append(stored, documents[n])
			default:
				problems = append(problems, fmt.Errorf("put document %q: status %d: %s: %s", documents[n].ID, o.Status, o.Error.Type, o.Error.Reason))
			}
		}
	}
	return stored, errors.Join(problems...)
}

// bulk is the body of a bulk request: a line for each action, followed by the
// document's if it is to store one.
func bulk(documents []reference.Document) (io.Reader, error) {
	var body bytes.Buffer
	lines := json.NewEncoder(&body)
	for _, d := range documents {
		name := "index"
		if d.Source == nil {
			name = "delete"
		}
		if err := lines.Encode(map[string]action{name: {d.Collection, d.ID, d.Version, "external"}}); err != nil {
			return nil, fmt.Errorf("encode document %q: %w", d.ID, err)
		}
		if d.Source == nil {
			continue
		}
		if err := json.Compact(&body, d.Source); err != nil { // on one line
			return nil, fmt.Errorf("encode document %q: %w", d.ID, err)
		}
		body.WriteByte('\n')
	}
	return &body, nil
}

// Get returns the documents as last put, whether or not a search finds them yet.
func (i *Index) Get(ctx context.Context, collection string, ids ...string) ([]reference.Document, error) {
	body, err := json.Marshal(map[string][]string{"ids": ids})
	if err != nil {
		return nil, err
	}
	var answer struct {
		Docs []struct {
			ID      string          `json:"_id"`
			Version int64           `json:"_version"`
			Found   bool            `json:"found"`
			Source  json.RawMessage `json:"_source"`
			Error   cause           `json:"error"`
		} `json:"docs"`
	}
	if err := i.do(ctx, esapi.MgetRequest{Index: collection, Body: bytes.NewReader(body)}, &answer); err != nil {
		return nil, fmt.Errorf("get %d documents: %w", len(ids), err)
	}
	var documents []reference.Document
	for _, d := range answer.Docs {
		switch {
		case d.Found:
			documents = append(documents, reference.Document{Collection: collection, ID: d.ID, Version: d.Version, Source: d.Source})
		case d.Error.Type != "" && d.Error.Type != "index_not_found_exception": // nothing was put yet
			return nil, fmt.Errorf("get document %q: %s: %s", d.ID, d.Error.Type, d.Error.Reason)
		}
	}
	return documents, nil
}

// do sends a request and decodes the answer, if result is not nil.
func (i *Index) do(ctx context.Context, r esapi.Request, result any) error {
	answer, err := r.Do(ctx, i.transport)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // what was read is all that is needed
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.IsError() {
		var problem struct {
			Error cause `json:"error"`
		}
		if json.Unmarshal(text, &problem) != nil || problem.Error.Type == "" {
			return fmt.Errorf("status %d, and not an answer of Elasticsearch's", answer.StatusCode)
		}
		return fmt.Errorf("status %d: %s: %s", answer.StatusCode, problem.Error.Type, problem.Error.Reason)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(text, result); err != nil {
		return fmt.Errorf("not an answer of Elasticsearch's: %w", err)
	}
	return nil
}
