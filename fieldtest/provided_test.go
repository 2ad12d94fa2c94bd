package fieldtest_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/referencetest"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// provider gives a reference whose states make the oddest things that the document
// allows.
type provider struct {
	t      *testing.T
	store  reference.Store
	server *reference.Server
	ids    chan int64
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	p := &provider{t: t, store: memory.New(), ids: make(chan int64, 1)}
	p.server, err = reference.New(p.store, reference.Options{Seed: seed})
	require.NoError(t, err)
	p.ids <- 1 << 53 // and beyond
	return p
}

// id is a number that nothing else has.
func (p *provider) id() int64 {
	id := <-p.ids + 1
	p.ids <- id
	return id
}

// ask is a request by another user, such as the target itself may make.
func (p *provider) ask(ctx context.Context, path, body string) gjson.Result {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/api/v2/assets"+path, strings.NewReader(body))
	r.Header.Set("X-API-KEY", "pocketcheck-editor-key")
	answer := httptest.NewRecorder()
	p.server.ServeHTTP(answer, r)
	require.Equal(p.t, http.StatusOK, answer.Code, answer.Body)
	return gjson.ParseBytes(answer.Body.Bytes())
}

// set puts rows into the store.
func (p *provider) set(ctx context.Context, rows reference.Seed) {
	require.NoError(p.t, p.store.Insert(ctx, rows))
}

const oddText = "\"odd\" & <b>'東京'</b> 🎬\n\ttext"

func (p *provider) state(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
	asset, id := params["asset_id"], p.id()
	key := fmt.Sprint("a-key-", id)
	user := reference.User{ID: id, Email: key + "@example.com", Permissions: []string{reference.ActionsView, reference.ActionsStart}}
	switch state {
	case "another user's comment":
		p.ask(ctx, "/"+asset+"/comments", `{"comment": "an earlier one"}`)
		made := p.ask(ctx, "/"+asset+"/comments", `{"comment": "new updated comment"}`) // as the suite would update it
		return map[string]string{"comment_id": made.Get("comment.id").Raw}, nil
	case "a DAG action": // which the target itself has started on the asset already
		p.set(ctx, reference.Seed{DagActions: []reference.DagAction{{ID: id, Name: oddText, Description: "none"}}})
		if asset != "" && asset != "not-found-id" {
			if _, err := p.store.Asset(ctx, asset); err == nil {
				p.ask(ctx, fmt.Sprintf("/%s/dag_actions/%d", asset, id), "")
			}
		}
		return map[string]string{"dag_action_id": fmt.Sprint(id)}, nil
	case "a project": // which holds assets already
		project := reference.Project{ID: fmt.Sprint(id), Title: oddText}
		p.set(ctx, reference.Seed{Projects: []reference.Project{project}})
		held := p.ask(ctx, "", `{"title": "in a project"}`).Get("asset.id").String()
		p.ask(ctx, "/"+held+"/assign", `{"to_project_id": "`+project.ID+`"}`)
		return map[string]string{"project_id": project.ID}, nil
	case "a collection with the asset": // which others are in, too
		category, long := oddText, time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
		other := p.ask(ctx, "", `{"title": "in a collection"}`).Get("asset.id").String()
		c := reference.Collection{
			ID: fmt.Sprint(id), Title: oddText, Category: &category, Tags: []string{"A", "A", oddText}, Owner: "nobody", IsPublic: true,
			CreatedDate: long, ModificationDate: long, AssetIDs: []string{asset, other},
		}
		first := c
		first.ID = "first-" + c.ID
		p.set(ctx, reference.Seed{Collections: []reference.Collection{first, c}})
		return map[string]string{"collection_id": c.ID}, nil
	case "a media file on the asset": // with others
		for _, name := range []string{"a.tiff", oddText} {
			p.ask(ctx, "/"+asset+"/media", fmt.Sprintf(`{"file_url": "https://www.example.com/", "filename": %q}`, name))
		}
		all, err := p.store.Media(ctx, asset)
		require.NoError(p.t, err)
		return map[string]string{"media_id": fmt.Sprint(all[0].ID)}, nil
	case "another user":
	case "a caller without ACTIONS_VIEW":
		user.Permissions = []string{reference.ActionsStart}
	case "a caller without ACTIONS_START":
		user.Permissions = []string{reference.ActionsView}
	default:
		return p.server.State(ctx, state, params)
	}
	p.set(ctx, reference.Seed{Users: []reference.User{user}, Keys: []reference.UserKey{{Hash: reference.HashKey(key), UserID: id}}})
	return map[string]string{"api_key": key}, nil
}

// handler has names for its users, and nulls where the reference has none.
func (p *provider) handler(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	p.server.ServeHTTP(answer, r)
	w.WriteHeader(answer.Code)
	_, _ = strings.NewReplacer( // the client sees what is missing
		`"description":"none","category":""`, `"description":null,"category":null`,
		`"first_name":null`, `"first_name":"Zoë"`, `"avatar_url":null`, `"avatar_url":{"small":"a.png"}`,
		`"email":"`, `"email":"Some One <`, `"url":null`, `"url":"https://www.example.com/a?b=c"`,
	).WriteString(w, answer.Body.String())
}

// TestWhatStatesMakeIsTheTargets: nothing is taken for granted of what the suite did
// not make itself.
func TestWhatStatesMakeIsTheTargets(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	target := pocketcheck.Target{Handler: http.HandlerFunc(p.handler), Key: pocketcheck.NewKey(referencetest.Key), States: p.state}
	result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1})
	require.NoError(t, err)
	assert.Equal(t, report.Conformant, result.Verdict, "%v", result.Failed())
}

// TestCollectionOfEverything: a state whose collection has every asset shows nothing
// of whether a list is of one asset.
func TestCollectionOfEverything(t *testing.T) {
	t.Parallel()
	target := referencetest.Target()
	good, offered := target.Handler, target.States
	target.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		good.ServeHTTP(answer, r)
		w.WriteHeader(answer.Code)
		everything := `"collections":[{"id":"everything","title":"","description":null,"category":null,"tags":[],"owner":"","media_type":"collection",` +
			`"isPublic":true,"created_date":"2023-11-27T09:42:57.716Z","modification_date":"2023-11-27T09:42:57.716Z","original_title":""}]`
		_, _ = w.Write([]byte(strings.Replace(answer.Body.String(), `"collections":[]`, everything, 1)))
	})
	target.States = func(ctx context.Context, state string, params map[string]string) (map[string]string, error) {
		if state == "a collection with the asset" {
			return map[string]string{"collection_id": "everything"}, nil
		}
		return offered(ctx, state, params)
	}
	result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1, Facts: []string{"collections.*"}})
	require.NoError(t, err)
	assert.Empty(t, result.Failed())
	for _, f := range result.Facts {
		if f.Fact.ID == "collections.list.other-asset.effect" {
			assert.Equal(t, report.Unprovisioned, f.Outcome)
			assert.Contains(t, f.Reason, "give one that has no other asset")
		}
	}
}

// TestOwnKeyIsNoOtherUsers: a state that gives the key of the run is wrong, and not
// the target.
func TestOwnKeyIsNoOtherUsers(t *testing.T) {
	t.Parallel()
	target := referencetest.Target()
	target.States = func(_ context.Context, state string, _ map[string]string) (map[string]string, error) {
		if state != "another user" {
			return nil, pocketcheck.ErrStateNotOffered
		}
		return map[string]string{"api_key": referencetest.Key}, nil
	}
	result, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1, Facts: []string{"comments.update.not-owner"}})
	require.NoError(t, err)
	assert.Equal(t, report.Inconclusive, result.Verdict)
	assert.Contains(t, result.Unresolved(), "the api_key is the target's own; give another user's")
}

// TestWithoutItsState: what takes a state that is not offered is told so, however
// broken the endpoint is: nothing of it was seen.
func TestWithoutItsState(t *testing.T) {
	t.Parallel()
	target := half(true, routes(http.StatusNotFound, "text/html", "Not Found"))
	r, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1, Endpoints: unseen})
	require.NoError(t, err)
	for _, f := range r.Facts {
		if len(f.Fact.Needs) > 0 && f.Outcome != report.Deselected {
			assert.Contains(t, []report.Outcome{report.Unprovisioned, report.Untestable}, f.Outcome, "%s: %s", f.Fact.ID, f.Reason)
		}
		assert.NotContains(t, f.Reason, "blocked by "+f.Fact.ID)
	}
}

// TestStateThatIsNotOfferedComesFirst: a failure before it takes nothing from that.
func TestStateThatIsNotOfferedComesFirst(t *testing.T) {
	t.Parallel()
	target := referencetest.Broken(http.MethodPost, "/api/v2/assets/:asset_id/trash_bin")
	target.States = nil
	r, err := pocketcheck.Run(t.Context(), target, pocketcheck.Options{Settle: -1, Facts: []string{"*.err-500", "trash.*"}})
	require.NoError(t, err)
	for _, f := range r.Facts {
		if strings.HasSuffix(f.Fact.ID, ".err-500") {
			assert.Equal(t, report.Untestable, f.Outcome, "%s: %s", f.Fact.ID, f.Reason)
		}
	}
	i := slices.IndexFunc(r.Facts, func(f report.Result) bool { return f.Fact.ID == "trash.restore.ok" })
	assert.Equal(t, report.Blocked, r.Facts[i].Outcome)
}
