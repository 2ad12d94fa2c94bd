package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// provision sets a provider state up and keeps its value under a name. missing
// is not nil where the target does not offer the state.
func (w *world) provision(ctx context.Context, state, name string, n int) (missing *unprovisioned, err error) {
	v, err := w.session.states.setup(ctx, w, state, n, w.known["asset id"], wire.VariableOf(name))
	if missing, ok := errors.AsType[*unprovisioned](err); ok {
		return missing, nil
	}
	if err == nil {
		w.known[name] = v
	}
	return nil, err
}

// state is the Given of a provider state.
func state(state, name string) func(context.Context) error {
	return func(ctx context.Context) error {
		missing, err := worldOf(ctx).provision(ctx, state, name, 0)
		if missing != nil {
			return missing
		}
		return err
	}
}

// errOnBoth tells of a collection that can't show whether collections are those of
// one asset: a target may have one that holds everything.
var errOnBoth = errors.New("the first asset was in the collection before the setup; give one that has no other asset")

func aCollectionWithAnotherAsset(ctx context.Context) error {
	w, list := worldOf(ctx), operationNamed("collections.list")
	before, unlisted := w.until(ctx, list, request{by: w.caller}, func(a *answer) { resembles(a, http.StatusOK) })
	err := onAnotherAsset(ctx, func(ctx context.Context) error {
		if err := state(stateCollection, "collection id")(ctx); err != nil {
			return err
		}
		return w.shows(ctx, "collection")
	})
	if _, isLacking := errors.AsType[*unprovisioned](err); isLacking {
		return err
	}
	if unlisted != nil {
		return blockedBy(list.ok, unlisted)
	}
	if err == nil && has(before.exchange, "collections", w.known["collection id"].Text) {
		return fmt.Errorf("%w: %w", &unprovisioned{stateCollection}, errOnBoth)
	}
	return err
}

func aMediaFile(ctx context.Context) error {
	if w := worldOf(ctx); w.session.ReadOnly {
		return w.namedMedia(ctx)
	}
	return state(stateMedia, "media id")(ctx)
}

func aMediaFileOnAnotherAsset(ctx context.Context) error { return onAnotherAsset(ctx, aMediaFile) }

func anotherProject(ctx context.Context) error {
	w := worldOf(ctx)
	missing, err := w.provision(ctx, stateProject, "other project id", 1)
	switch {
	case missing != nil:
		return missing
	case err != nil:
		return err
	case w.known["project id"].Text == w.known["other project id"].Text:
		return fmt.Errorf("%w: %w", &unprovisioned{stateProject}, errSameTwice)
	}
	return nil
}

// callerOf gives the caller that a state provides. The key stays out of what the
// scenario knows: it is no value for a body.
func (w *world) callerOf(ctx context.Context, state, variable string) (by wire.Credential, missing *unprovisioned, err error) {
	v, err := w.session.states.setup(ctx, w, state, 0, w.known["asset id"], variable)
	if missing, ok := errors.AsType[*unprovisioned](err); ok {
		return by, missing, nil
	}
	return wire.Credential{Key: wire.NewKey(v.Text), Variable: variable}, nil, err
}

// anAssetOfMine is made with the key that lacks the permission, with which the When
// is sent, too: of another's asset a target may say nothing.
func anAssetOfMine(ctx context.Context, permission string) error {
	w := worldOf(ctx)
	by, missing, err := w.callerOf(ctx, "a caller without "+permission, "POCKETCHECK_NO_"+permission+"_API_KEY")
	if missing != nil {
		return missing
	}
	if err != nil {
		return err
	}
	w.caller = by
	return anAsset(ctx)
}

func anInternalFailure(ctx context.Context) error {
	w := worldOf(ctx)
	by, missing, err := w.callerOf(ctx, stateFailure, "POCKETCHECK_FAILING_API_KEY")
	if missing != nil {
		return missing
	}
	w.when.by, w.when.once = &by, true
	return err
}

// anotherUser is whose key the When sends.
func anotherUser(ctx context.Context) error {
	w := worldOf(ctx)
	by, missing, err := w.callerOf(ctx, stateUser, otherKey)
	if missing != nil {
		return missing
	}
	w.when.by = &by
	return err
}
