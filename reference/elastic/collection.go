package elastic

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketcheck/pocketcheck/reference"
)

// settings of an index. A deletion is remembered for an hour, against a document that
// is put late.
const settings = `{"number_of_shards": 1, "auto_expand_replicas": "0-1", "index.gc_deletes": "1h"}`

// mapping of an index. Its documents are found by id, so that only what one would
// search for is indexed, and nothing by a guess at what a text may be; a keyword above
// Lucene's limit of 32,766 bytes would refuse its document.
const mapping = `{
	"dynamic": "false",
	"properties": {
		"title": {"type": "text"},
		"description": {"type": "text"},
		"category": {"type": "keyword", "ignore_above": 256},
		"tags": {"type": "keyword", "ignore_above": 256},
		"external_id": {"type": "keyword", "ignore_above": 256},
		"owner": {"type": "keyword", "ignore_above": 256}
	}
}`

// neverGuessed keeps Elasticsearch from making an index by itself, as it would for a
// deletion from one that was lost.
const neverGuessed = `{"index_patterns": ["pocketcheck-*"], "allow_auto_create": false, "template": {}}`

// oldest is the first version of Elasticsearch that will do.
const oldest = 8

// Prepare makes sure that it is an Elasticsearch which will do, and that the
// collections are there, made as they are to be.
func (i *Index) Prepare(ctx context.Context, collections ...string) (err error) {
	defer i.named(&err)
	return i.prepareAll(ctx, collections)
}

func (i *Index) prepareAll(ctx context.Context, collections []string) error {
	if err := i.check(ctx); err != nil {
		return err
	}
	never := request{method: http.MethodPut, path: "/_index_template/pocketcheck", body: []byte(neverGuessed)}
	if err := i.do(ctx, never, nil); err != nil {
		return fmt.Errorf("prepare Elasticsearch: %w", err)
	}
	for _, collection := range collections {
		if err := i.prepare(ctx, collection); err != nil {
			return fmt.Errorf("prepare %q: %w", collection, err)
		}
	}
	return nil
}

func (i *Index) check(ctx context.Context) error {
	err := i.checkVersion(ctx)
	if _, isUnknown := errors.AsType[x509.UnknownAuthorityError](err); isUnknown {
		return fmt.Errorf("%w; make this machine trust it, on Linux by a file that SSL_CERT_FILE names", err)
	}
	if err != nil {
		return fmt.Errorf("%w; check that it runs, and its address", err)
	}
	return nil
}

func (i *Index) checkVersion(ctx context.Context) error {
	var cluster struct{ Version struct{ Number string } }
	err := i.do(ctx, request{path: "/"}, &cluster)
	p, isProblem := errors.AsType[*problem](err)
	if errors.Is(err, errForeign) || isProblem && p.Type == "" && p.status < http.StatusInternalServerError {
		return reference.Unfit(err.Error())
	}
	if err != nil {
		return err
	}
	number := cluster.Version.Number
	major, _, _ := strings.Cut(number, ".")
	switch n, err := strconv.Atoi(major); {
	case number == "" || err != nil:
		return reference.Unfit("what answers there is something else")
	case n < oldest:
		return reference.Unfit(fmt.Sprintf("it is Elasticsearch %s, and %d is the oldest that will do", number, oldest))
	}
	return nil
}

func (i *Index) prepare(ctx context.Context, collection string) error {
	indices, err := i.behind(ctx, collection)
	if err != nil {
		return err
	}
	for name, made := range indices {
		if name == collection {
			isRemoved, err := i.removeEmpty(ctx, name)
			if err != nil {
				return err
			}
			if isRemoved {
				delete(indices, name)
				continue
			}
			return reference.Unfit(fmt.Sprintf(`%q is an index, where the name of one is to be; "pocketcheck reindex" replaces it`, collection))
		}
		if !isAsWanted(made) {
			return reference.Unfit(fmt.Sprintf(`index %q has another mapping than this version gives it; "pocketcheck reindex" makes it anew`, name))
		}
	}
	if len(indices) > 0 {
		return nil
	}
	first := collection + "-1"
	if err := i.create(ctx, first); err != nil {
		return err
	}
	return i.change(ctx, name(first, collection))
}

// removeEmpty deletes an index that has no documents: one that Elasticsearch made itself.
func (i *Index) removeEmpty(ctx context.Context, index string) (isEmpty bool, err error) {
	err = i.do(ctx, request{method: http.MethodPost, index: index, path: "/_refresh"}, nil)
	var answer struct {
		Count  int
		Shards struct{ Total, Successful int } `json:"_shards"` // only these were counted
	}
	if err == nil {
		err = i.do(ctx, request{index: index, path: "/_count"}, &answer)
	}
	if err != nil || answer.Count > 0 || answer.Shards.Successful < answer.Shards.Total {
		return false, err
	}
	return true, i.do(ctx, request{method: http.MethodDelete, index: index}, nil)
}

// behind gives the mappings of the indices that have the name of a collection.
func (i *Index) behind(ctx context.Context, collection string) (map[string]json.RawMessage, error) {
	var answer map[string]struct{ Mappings json.RawMessage }
	err := i.do(ctx, request{index: collection, path: "/_mapping"}, &answer)
	if err != nil && !errors.Is(err, noIndex) {
		return nil, err
	}
	indices := map[string]json.RawMessage{}
	for name, index := range answer {
		indices[name] = index.Mappings
	}
	return indices, nil
}

func isAsWanted(made json.RawMessage) bool {
	var is, wanted any
	if json.Unmarshal(made, &is) != nil || json.Unmarshal([]byte(mapping), &wanted) != nil {
		return false
	}
	return reflect.DeepEqual(is, wanted)
}

// create makes an index, unless it is there, and waits until its documents can be read:
// that of another, who is just making it, may not be so far.
func (i *Index) create(ctx context.Context, index string) error {
	body := fmt.Sprintf(`{"settings": %s, "mappings": %s}`, settings, mapping)
	err := i.do(ctx, request{method: http.MethodPut, index: index, body: []byte(body)}, nil)
	if err != nil && !errors.Is(err, kind("resource_already_exists_exception")) {
		return err
	}
	started := request{path: "/_cluster/health/" + url.PathEscape(index), query: url.Values{
		"wait_for_active_shards": {"1"}, "timeout": {fmt.Sprintf("%dms", (patience / 2).Milliseconds())},
	}}
	if err := i.do(ctx, started, nil); err != nil {
		return fmt.Errorf("wait for index %q: %w", index, err)
	}
	return nil
}

// action on the names of indices.
type naming map[string]map[string]string

func name(index, collection string) naming {
	return naming{"add": {"index": index, "alias": collection}}
}

// change does all of the actions, or none.
func (i *Index) change(ctx context.Context, actions ...naming) error {
	body, err := json.Marshal(map[string][]naming{"actions": actions})
	if err != nil {
		return err
	}
	return i.do(ctx, request{method: http.MethodPost, path: "/_aliases", body: body}, nil)
}

// isAlias tells the name of a collection from that of an index behind it, which has
// its number at the end.
func isAlias(name string) bool {
	_, err := strconv.ParseUint(name[strings.LastIndexByte(name, '-')+1:], 10, 64)
	return err != nil
}

// Begin makes the index whose number is the next.
func (i *Index) Begin(ctx context.Context, collection string) (next string, err error) {
	defer i.named(&err)
	next, err = i.begin(ctx, collection)
	if err != nil {
		return "", fmt.Errorf("begin %q anew: %w", collection, err)
	}
	return next, nil
}

func (i *Index) begin(ctx context.Context, collection string) (string, error) {
	if err := i.check(ctx); err != nil {
		return "", err
	}
	indices, err := i.behind(ctx, collection)
	if err != nil {
		return "", err
	}
	last := uint64(0)
	for index := range indices {
		if n, err := strconv.ParseUint(strings.TrimPrefix(index, collection+"-"), 10, 64); err == nil {
			last = max(last, n)
		}
	}
	next := fmt.Sprintf("%s-%d", collection, last+1)
	begun, err := i.behind(ctx, next)
	if err != nil {
		return "", err
	}
	if made, isThere := begun[next]; isThere && !isAsWanted(made) { // by another version
		if err := i.do(ctx, request{method: http.MethodDelete, index: next}, nil); err != nil {
			return "", err
		}
	}
	return next, i.create(ctx, next)
}

// Finish moves the name.
func (i *Index) Finish(ctx context.Context, collection, next string) (err error) {
	defer i.named(&err)
	indices, err := i.behind(ctx, collection)
	if err == nil {
		actions := []naming{name(next, collection)}
		for _, index := range slices.Sorted(maps.Keys(indices)) {
			if index != next {
				actions = append(actions, naming{"remove_index": {"index": index}})
			}
		}
		err = i.change(ctx, actions...)
	}
	if err != nil {
		return fmt.Errorf("put %q in the place of %q: %w", next, collection, err)
	}
	return nil
}
