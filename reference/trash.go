package reference

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// keptInTrash is how long an asset stays in the trash bin.
const keptInTrash = 14 * 24 * time.Hour

func (s *Server) purgeUntil() time.Time { return s.now().Add(-keptInTrash) }

// Purge deletes what has been in the trash bin for 14 days or more, and what was made for
// provider states whose time is over, and returns how many assets that were, also where
// it fails. Nobody can see the difference, since the server finds them gone anyway.
func (s *Server) Purge(ctx context.Context) (deleted int, err error) {
	if deleted, err = s.emptyTrash(ctx); err != nil {
		return deleted, fmt.Errorf("purge the trash bin: %w", err)
	}
	if err := s.store.DeleteGuests(ctx, s.clock(), guests); err != nil {
		return deleted, fmt.Errorf("delete what was made for provider states: %w", err)
	}
	return deleted, nil
}

// rest is how many times as long as it takes to delete some assets the others wait, so
// that requests hardly notice.
const rest = 9

func (s *Server) emptyTrash(ctx context.Context) (deleted int, err error) {
	until := s.purgeUntil()
	for {
		begin := time.Now()
		n, err := s.store.DeleteTrashed(ctx, until, nil)
		if deleted += n; n == 0 || err != nil {
			return deleted, err
		}
		select {
		case <-time.After(rest * time.Since(begin)):
		case <-ctx.Done():
			return deleted, ctx.Err()
		}
	}
}

// moveToTrashBin answers "Move asset to trash bin". For one that is there
// already, the 14 days go on from where they are.
func (s *Server) moveToTrashBin(r *call) (any, error) {
	a, err := s.asset(r)
	if err != nil {
		return nil, err
	}
	if a.Deleted != nil {
		return okBody{"ok"}, nil
	}
	at := s.now()
	a.Deleted = &at
	return s.storeAsset(r, a, "ASSET_TRASHED")
}

// restoreAsset answers "Restore asset from trash bin".
func (s *Server) restoreAsset(r *call) (any, error) {
	a, err := s.asset(r)
	if err != nil {
		return nil, err
	}
	if a.Deleted == nil {
		return nil, &refusal{http.StatusBadRequest, "Can not restore Assets that is not in trash bin"}
	}
	a.Deleted = nil
	return s.storeAsset(r, a, "ASSET_RESTORED")
}

// storeAsset stores a changed asset with what happened to it, and says ok.
func (s *Server) storeAsset(r *call, a Asset, happened string) (any, error) {
	a.ModificationDate = s.now()
	if _, err := s.store.UpdateAsset(r.Context(), a, s.event(r, a.ID, happened)); err != nil {
		return nil, err
	}
	return okBody{"ok"}, nil
}
