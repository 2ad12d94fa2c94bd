// Package reference is a server that conforms to the Media Pocket API v2.
//
// Its rules live here, once, above a [Store] that only keeps rows. Where the
// document is silent, the comments say what was chosen.
package reference

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// Options is what a [Server] is made with; the zero value will do.
type Options struct {
	Seed Seed             // the rows that the store starts with
	Now  func() time.Time // the clock; time.Now when nil
	Log  *slog.Logger     // where failures go, never with a key; nowhere when nil

	// Admitted hears who sends a request whose key is known, with the request's context;
	// nobody does when nil.
	Admitted func(ctx context.Context, caller User)

	// NewID makes the ids of assets, projects and collections, of letters,
	// digits, - and _; nil makes such as the document shows.
	NewID func() string
}

// Server answers the 23 endpoints of the document. It is safe for concurrent
// use and keeps nothing itself, so several may share one store.
type Server struct {
	store  Store
	clock  func() time.Time
	newID  func() string
	log    *slog.Logger
	mux    *http.ServeMux
	states map[string]state

	admit func(context.Context, User) // nil: nobody hears
}

// New returns a server over store, which gets the rows of opts.Seed that it
// does not have yet. The error says which of them it did not take.
func New(store Store, opts Options) (*Server, error) {
	s := &Server{store: store, clock: opts.Now, log: opts.Log, newID: opts.NewID, mux: http.NewServeMux(), admit: opts.Admitted}
	if s.newID == nil {
		s.newID = documentedID
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.routes()
	s.states = s.offeredStates()
	ctx, cancel := context.WithTimeout(context.Background(), planting)
	defer cancel()
	if err := s.plant(ctx, opts.Seed); err != nil {
		return nil, fmt.Errorf("seed the store: %w", err)
	}
	return s, nil
}

// endpoint is what answers one endpoint: a body for 200, or an error. It may
// run more than once for a request (see again).
type endpoint func(r *call) (any, error)

type route struct {
	pattern string
	answer  endpoint
}

// endpoints is the document's 23, in its order.
func (s *Server) endpoints() []route {
	return []route{
		{"GET /api/v2/assets/{asset_id}/comments", s.listComments},
		{"POST /api/v2/assets/{asset_id}/comments", s.createComment},
		{"POST /api/v2/assets/{asset_id}/comments/{comment_id}", s.updateComment},
		{"DELETE /api/v2/assets/{asset_id}/comments/{comment_id}", s.deleteComment},
		{"GET /api/v2/assets/{asset_id}/comments/{comment_id}", s.getComment},
		{"GET /api/v2/assets/{asset_id}/dag_actions", s.listDagActions},
		{"POST /api/v2/assets/{asset_id}/dag_actions/{dag_action_id}", s.startDagAction},
		{"GET /api/v2/assets/{asset_id}/dag_action_runs", s.listDagActionRuns},
		{"GET /api/v2/assets/{asset_id}/history/{cursor}", s.getHistory},
		{"GET /api/v2/assets/{asset_id}", s.getAsset},
		{"GET /api/v2/assets/{asset_id}/file_metadata", s.getFileMetadata},
		{"GET /api/v2/assets/{asset_id}/collections", s.listCollections},
		{"GET /api/v2/assets/{asset_id}/media", s.listMedia},
		{"GET /api/v2/assets/{asset_id}/media/{media_id}/download_url", s.getDownloadURL},
		{"POST /api/v2/assets/{asset_id}/media", s.addMedia},
		{"POST /api/v2/assets", s.createAsset},
		{"PUT /api/v2/assets/{asset_id}", s.updateAsset},
		{"POST /api/v2/assets/{asset_id}/trash_bin", s.moveToTrashBin},
		{"POST /api/v2/assets/{asset_id}/restore", s.restoreAsset},
		{"DELETE /api/v2/assets/{asset_id}", s.deleteAsset},
		{"POST /api/v2/assets/{asset_id}/assign", s.assignAsset},
		{"DELETE /api/v2/assets/{asset_id}/unassign", s.unassignAsset},
		{"DELETE /api/v2/assets/{asset_id}/media", s.removeMedia},
	}
}

func (s *Server) routes() {
	methods := map[string][]string{}
	for _, route := range s.endpoints() {
		s.mux.HandleFunc(route.pattern, s.admitted(route.answer))
		method, path, _ := strings.Cut(route.pattern, " ")
		methods[path] = append(methods[path], method)
		if method == http.MethodGet { // for which ServeMux takes HEAD, too
			methods[path] = append(methods[path], http.MethodHead)
		}
	}
	// ServeMux answers unknown paths and methods in plain text; we in JSON.
	for path, allowed := range methods {
		slices.Sort(allowed)
		s.mux.HandleFunc(path, s.methodNotAllowed(strings.Join(allowed, ", ")))
	}
	s.mux.HandleFunc("/", s.notFound)
}

// patience is how long an answer may take, in which case it is a 500: longer than
// a store that works ever needs, shorter than clients wait.
const patience = 10 * time.Second

// planting is how long the seed may take to store.
const planting = time.Minute

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, immediate := offers[Immediate](s.store); !immediate {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		r = r.WithContext(ctx)
	}
	defer func() {
		switch v := recover(); v {
		case nil:
		case http.ErrAbortHandler:
			panic(v)
		default:
			s.reply(w, r, nil, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
		}
	}()
	if !path.IsAbs(r.URL.Path) || path.Clean(r.URL.Path) != r.URL.Path {
		s.notFound(w, r) // ServeMux would refuse *, and redirect to the clean path
		return
	}
	s.mux.ServeHTTP(w, r)
}

// now is the time to store: in UTC, to the millisecond that answers show.
func (s *Server) now() time.Time { return s.clock().UTC().Truncate(time.Millisecond) }

// call is a request that is admitted.
type call struct {
	*http.Request
	caller User
	body   []byte
}

// admitted serves an endpoint to requests with a known key. The key comes
// first: who has none learns nothing, not even which assets there are.
func (s *Server) admitted(answer endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, err := s.authenticate(r)
		if err != nil {
			s.reply(w, r, nil, err)
			return
		}
		if s.admit != nil {
			s.admit(r.Context(), user)
		}
		text := bodies.Get().(*bytes.Buffer)
		defer setAside(text)
		if err := readBody(w, r, 1<<20, text); err != nil {
			s.reply(w, r, nil, err)
			return
		}
		result, err := s.again(&call{r, user, text.Bytes()}, answer)
		s.reply(w, r, result, err)
	}
}

var errUnauthorized = &refusal{code: http.StatusUnauthorized} // the document gives no body

func (s *Server) authenticate(r *http.Request) (User, error) {
	key := HashKey(r.Header.Get("X-Api-Key")) // as net/http spells it: no other is looked up so fast
	user, err := s.store.UserByKey(r.Context(), key)
	if err == nil && user.Until != nil && !s.clock().Before(*user.Until) {
		return User{}, errUnauthorized
	}
	if err == nil && slices.Contains(user.Permissions, failsOnce) {
		// Of several requests at once, the one that deletes the key fails.
		if err = s.store.DeleteKey(r.Context(), key); err == nil {
			_ = s.store.Dismiss(r.Context(), Seed{Users: []User{user}}, "") // or goes when its time is over
			return User{}, errors.New("the provider state \"an internal failure\" was set up for this key")
		}
	}
	if errors.Is(err, ErrNotFound) {
		return User{}, errUnauthorized
	}
	return user, err
}

// again runs attempt anew while another writer is faster: what attempt had
// read is changed or gone when it writes. Each round some writer gets through,
// so only a broken store reaches the bound.
func again(ctx context.Context, attempt func() error) error {
	var err error
	for range 1000 {
		err = attempt()
		if !isLost(err) || ctx.Err() != nil {
			break
		}
	}
	return err
}

// isLost tells that another writer was faster.
func isLost(err error) bool { return errors.Is(err, ErrConflict) || errors.Is(err, ErrNotFound) }

// again answers until no other writer is faster: who has lost once is alone with the
// asset from then on, where the store has turns, lest the same ones lose again and again.
func (s *Server) again(r *call, answer endpoint) (result any, err error) {
	result, err = answer(r)
	if !isLost(err) {
		return result, err
	}
	if turns, hasTurns := offers[Turns](s.store); hasTurns && r.PathValue("asset_id") != "" {
		alone, end, err := turns.Alone(r.Context(), r.PathValue("asset_id"))
		if err != nil {
			return nil, err
		}
		defer end()
		r = &call{r.WithContext(alone), r.caller, r.body}
	}
	err = again(r.Context(), func() error {
		var err error
		result, err = answer(r)
		return err
	})
	return result, err
}

// event is one of the asset's history, by the caller.
func (s *Server) event(r *call, assetID, kind string) Event {
	return Event{AssetID: assetID, UserID: r.caller.ID, Type: kind, CreatedAt: s.now()}
}
