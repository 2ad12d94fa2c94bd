package fault

import (
	"context"
	"slices"
	"sync"

	"github.com/pocketcheck/pocketcheck/reference"
)

// collections is the faults of the list of an asset's collections.
var collections = []Variant{
	fault("collections.list.ok/status-201", ok, coded(201)),
	fault("collections.list.ok/empty", ok, empty("collections")),
	fault("collections.list.ok/bare-array", ok, edit(func(_ *exchange, b any) any { return member(b, "collections") })),
	fault("collections.list.ok/without-id", ok, without("collections.*.id")),
	fault("collections.list.ok/without-title", ok, without("collections.*.title")),
	fault("collections.list.ok/title-null", ok, with("collections.*.title", nil)),
	fault("collections.list.ok/without-description", ok, without("collections.*.description")),
	fault("collections.list.ok/description-as-array", ok, retyped("collections.*.description")),
	fault("collections.list.ok/category-left-out", ok, without("collections.*.category")),
	fault("collections.list.ok/tags-null", ok, with("collections.*.tags", nil)),
	fault("collections.list.ok/tags-joined", ok, with("collections.*.tags", "")),
	fault("collections.list.ok/tags-left-out", ok, without("collections.*.tags")),
	fault("collections.list.ok/without-owner", ok, without("collections.*.owner")),
	fault("collections.list.ok/owner-as-object", ok, with("collections.*.owner", map[string]any{"id": 1})),
	fault("collections.list.ok/without-media_type", ok, without("collections.*.media_type")),
	fault("collections.list.ok/media_type-capitalised", ok, with("collections.*.media_type", "Collection")),
	fault("collections.list.ok/is_public", ok, edit(isPublicInSnakeCase)),
	fault("collections.list.ok/isPublic-as-string", ok, retyped("collections.*.isPublic")),
	fault("collections.list.ok/isPublic-as-number", ok, with("collections.*.isPublic", 0)),
	fault("collections.list.ok/without-created_date", ok, without("collections.*.created_date")),
	fault("collections.list.ok/created_date-without-milliseconds", ok, dated("collections.*.created_date", noMillis)),
	fault("collections.list.ok/without-modification_date", ok, without("collections.*.modification_date")),
	fault("collections.list.ok/modification_date-null", ok, with("collections.*.modification_date", nil)),
	fault("collections.list.ok/original_title-left-out", ok, without("collections.*.original_title")),
	fault("collections.list.ok/original_title-null", ok, with("collections.*.original_title", nil)),
	fault("collections.list.other-asset.effect/of-all-assets", always, stores(listsAllCollections)),
}

func isPublicInSnakeCase(_ *exchange, body any) any {
	return altering("collections.*", func(v any) any {
		return without("isPublic")(nil, with("is_public", member(v, "isPublic"))(nil, v))
	})(nil, body)
}

// allCollections forgets the asset in its query.
type allCollections struct {
	reference.Store
	mu   *sync.Mutex
	rows *[]reference.Collection
}

func listsAllCollections(s reference.Store, _ string) reference.Store {
	return allCollections{s, &sync.Mutex{}, &[]reference.Collection{}}
}

func (a allCollections) Insert(ctx context.Context, rows reference.Seed) error {
	a.mu.Lock()
	*a.rows = append(*a.rows, rows.Collections...)
	a.mu.Unlock()
	return a.Store.Insert(ctx, rows)
}

func (a allCollections) Collections(context.Context, string) ([]reference.Collection, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(*a.rows), nil
}
