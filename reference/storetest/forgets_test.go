package storetest

import (
	"context"

	"github.com/pocketcheck/pocketcheck/reference"
)

// forgets loses the events of one method.
type forgets struct {
	reference.Store
	method string
}

func (f forgets) kept(method string, events []reference.Event) []reference.Event {
	if method == f.method {
		return nil
	}
	return events
}

func (f forgets) CreateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	return f.Store.CreateAsset(ctx, a, f.kept("CreateAsset", events)...)
}

func (f forgets) UpdateAsset(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	return f.Store.UpdateAsset(ctx, a, f.kept("UpdateAsset", events)...)
}

func (f forgets) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	return f.Store.CreateComment(ctx, c, f.kept("CreateComment", events)...)
}

func (f forgets) UpdateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	return f.Store.UpdateComment(ctx, c, f.kept("UpdateComment", events)...)
}

func (f forgets) DeleteComment(ctx context.Context, assetID string, id int64, events ...reference.Event) error {
	return f.Store.DeleteComment(ctx, assetID, id, f.kept("DeleteComment", events)...)
}

func (f forgets) CreateMedia(ctx context.Context, a reference.Asset, m reference.Media, events ...reference.Event) (reference.Media, error) {
	return f.Store.CreateMedia(ctx, a, m, f.kept("CreateMedia", events)...)
}

func (f forgets) DeleteMedia(ctx context.Context, a reference.Asset, events ...reference.Event) (reference.Asset, error) {
	return f.Store.DeleteMedia(ctx, a, f.kept("DeleteMedia", events)...)
}

func (f forgets) CreateDagActionRun(ctx context.Context, run reference.DagActionRun, events ...reference.Event) (reference.DagActionRun, error) {
	return f.Store.CreateDagActionRun(ctx, run, f.kept("CreateDagActionRun", events)...)
}
