package reference_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
)

// faulty is a store that fails as the test says.
type faulty struct {
	reference.Store
	media func() error
}

func (f faulty) Media(context.Context, string) ([]reference.Media, error) { return nil, f.media() }

// strict is a store that can't be asked for odd ids, as a database can't for
// some: text with U+0000 or of no encoding.
type strict struct{ reference.Store }

func (s strict) Asset(ctx context.Context, id string) (reference.Asset, error) {
	if strings.ContainsAny(id, "\x00") || !utf8.ValidString(id) {
		return reference.Asset{}, errors.New("invalid byte sequence")
	}
	return s.Store.Asset(ctx, id)
}

func TestStoresAreNotAskedForWhatCanBeNoID(t *testing.T) {
	t.Parallel()
	s := serveOver(t, strict{memory.New()})
	for _, odd := range []string{"a%00b", "%ff", "%e6%97%a5", "%20"} {
		assert.Equal(t, refused(404, "asset not found"), s.request("GET /api/v2/assets/"+odd, ""), odd)
	}
}

// hasty is a store in which assets are deleted just before they are written to.
type hasty struct{ reference.Store }

func (h hasty) CreateComment(ctx context.Context, c reference.Comment, events ...reference.Event) (reference.Comment, error) {
	if err := h.DeleteAsset(ctx, c.AssetID); err != nil {
		return reference.Comment{}, err
	}
	return h.Store.CreateComment(ctx, c, events...)
}

func TestAssetThatGoesWhileItIsUsed(t *testing.T) {
	t.Parallel()
	s := serveOver(t, hasty{memory.New()})
	assert.Equal(t, refused(404, "asset not found"), s.request("POST "+seeded+"/comments", `{"comment":"x"}`))
	_, err := s.State(t.Context(), "another user's comment", map[string]string{"asset_id": id(s.asset(`{"title":"x"}`))})
	assert.ErrorContains(t, err, "there is no such asset")
}

func TestFailuresAreLoggedNotShown(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"error":    func() error { return errors.New("secret detail") },
		"panic":    func() error { panic("secret detail") },
		"conflict": func() error { return fmt.Errorf("secret detail: %w", reference.ErrConflict) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serveOver(t, faulty{memory.New(), fail})
			assert.Equal(t, refused(500, "Internal Server Error"), s.request("GET "+seeded+"/media", ""))
			assert.Contains(t, s.log.String(), "secret detail")
			assert.Contains(t, s.log.String(), "/api/v2/assets/{asset_id}/media")
			assert.NotContains(t, s.log.String(), admin)
		})
	}
}

func TestAbortedHandlerStaysAborted(t *testing.T) {
	t.Parallel()
	s := serveOver(t, faulty{memory.New(), func() error { panic(http.ErrAbortHandler) }})
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() { s.request("GET "+seeded+"/media", "") })
}
