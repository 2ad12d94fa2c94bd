package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/pocketcheck/pocketcheck/reference"
)

// action is a line of a bulk request that says what to do with a document.
type action struct {
	Index       string `json:"_index"`
	ID          string `json:"_id"`
	Version     int64  `json:"version"`
	VersionType string `json:"version_type"`
	// Elasticsearch would make an index that is not there, by guesses.
	RequireAlias bool `json:"require_alias"`
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
func (i *Index) Put(ctx context.Context, documents ...reference.Document) (stored []reference.Document, err error) {
	defer i.named(&err)
	stored, err = i.put(ctx, documents)
	if !errors.Is(err, noIndex) {
		return stored, err
	}
	var wanted []string
	for _, d := range documents {
		wanted = append(wanted, d.Collection)
	}
	slices.Sort(wanted)
	if err := i.prepareAll(ctx, slices.Compact(wanted)); err != nil {
		return stored, err
	}
	return i.put(ctx, documents)
}

// noIndex is that a collection is not there.
const noIndex = kind("index_not_found_exception")

func (i *Index) put(ctx context.Context, documents []reference.Document) ([]reference.Document, error) {
	body, err := bulk(documents)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Items []map[string]outcome `json:"items"`
	}
	if err := i.do(ctx, request{method: http.MethodPost, path: "/_bulk", body: body, traced: "bulk"}, &answer); err != nil {
		return nil, fmt.Errorf("put %d documents: %w", len(documents), err)
	}
	if len(answer.Items) != len(documents) {
		return nil, fmt.Errorf("put %d documents: the answer has %d", len(documents), len(answer.Items))
	}
	var stored []reference.Document
	var problems []error
	for n, item := range answer.Items {
		for _, o := range item { // its one member has the action's name
			if o.isDone(documents[n]) {
				stored = append(stored, documents[n])
			} else {
				problems = append(problems, fmt.Errorf("put document %q: %w", documents[n].ID, &problem{o.Status, o.Error}))
			}
		}
	}
	return stored, errors.Join(problems...)
}

// isDone tells that the document need not be put again.
func (o outcome) isDone(d reference.Document) bool {
	isGone := d.Source == nil && o.Status == http.StatusNotFound && o.Error.Type == ""
	return o.Status < 300 || o.Status == http.StatusConflict || isGone
}

// bulk is the body of a bulk request: a line for each action, followed by the
// document's if it is to store one.
func bulk(documents []reference.Document) ([]byte, error) {
	var body bytes.Buffer
	lines := json.NewEncoder(&body)
	for _, d := range documents {
		name := "index"
		if d.Source == nil {
			name = "delete"
		}
		if err := lines.Encode(map[string]action{name: {d.Collection, d.ID, d.Version, "external", isAlias(d.Collection)}}); err != nil {
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
	return body.Bytes(), nil
}

// Get returns the documents as last put, whether or not a search finds them yet.
func (i *Index) Get(ctx context.Context, collection string, ids ...string) (documents []reference.Document, err error) {
	defer i.named(&err)
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
	if err := i.do(ctx, request{method: http.MethodPost, index: collection, path: "/_mget", body: body, traced: "mget"}, &answer); err != nil {
		return nil, fmt.Errorf("get %d documents: %w", len(ids), err)
	}
	for _, d := range answer.Docs {
		switch {
		case d.Found:
			documents = append(documents, reference.Document{Collection: collection, ID: d.ID, Version: d.Version, Source: d.Source})
		case d.Error.Type != "" && d.Error.Type != string(noIndex): // nothing was put yet
			return nil, fmt.Errorf("get document %q: %s: %s", d.ID, d.Error.Type, d.Error.Reason)
		}
	}
	return documents, nil
}
