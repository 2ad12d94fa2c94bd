package elastic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/pocketcheck/pocketcheck/reference"
)

// atOnce is how many documents a scan gives at a time.
const atOnce = 1000

// Scan reads the documents as they were when it began.
func (i *Index) Scan(ctx context.Context, collection string, each func([]reference.Document) error) error {
	err := i.do(ctx, request{method: http.MethodPost, index: collection, path: "/_refresh"}, nil)
	if errors.Is(err, noIndex) {
		return nil
	}
	var at struct{ ID string }
	if err == nil {
		err = i.do(ctx, request{method: http.MethodPost, index: collection, path: "/_pit", query: url.Values{"keep_alive": {"5m"}}}, &at)
	}
	if err != nil {
		return fmt.Errorf("%s: scan %q: %w", i.name, collection, err)
	}
	err = i.scan(ctx, collection, at.ID, each)
	end := request{method: http.MethodDelete, path: "/_pit", body: fmt.Appendf(nil, `{"id": %q}`, at.ID)}
	return errors.Join(err, i.do(context.WithoutCancel(ctx), end, nil))
}

func (i *Index) scan(ctx context.Context, collection, at string, each func([]reference.Document) error) error {
	query := map[string]any{
		"size": atOnce, "pit": map[string]any{"id": at, "keep_alive": "5m"}, "sort": "_shard_doc",
		"_source": false, "version": true, "track_total_hits": false,
	}
	for {
		body, err := json.Marshal(query)
		if err != nil {
			return err
		}
		var page struct {
			Hits struct {
				Hits []struct {
					ID      string `json:"_id"`
					Version int64  `json:"_version"`
					Sort    []any  `json:"sort"`
				} `json:"hits"`
			} `json:"hits"`
		}
		if err := i.do(ctx, request{method: http.MethodPost, path: "/_search", body: body}, &page); err != nil {
			return fmt.Errorf("%s: scan %q: %w", i.name, collection, err)
		}
		var documents []reference.Document
		for _, hit := range page.Hits.Hits {
			documents = append(documents, reference.Document{Collection: collection, ID: hit.ID, Version: hit.Version})
			query["search_after"] = hit.Sort
		}
		if len(documents) == 0 {
			return nil
		}
		if err := each(documents); err != nil {
			return err
		}
	}
}
