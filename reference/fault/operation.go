package fault

import (
	"net/http"
	"slices"
	"strings"
)

// operation is an endpoint under the name that the ids of its facts begin with.
type operation struct {
	name    string
	pattern string
	unknown string // its fact about an asset that is not there
}

// operations is the document's 23 endpoints, in its order.
var operations = []operation{
	{"comments.list", "GET /api/v2/assets/{asset_id}/comments", "asset-not-found"},
	{"comments.create", "POST /api/v2/assets/{asset_id}/comments", "asset-not-found"},
	{"comments.update", "POST /api/v2/assets/{asset_id}/comments/{comment_id}", "asset-not-found"},
	{"comments.delete", "DELETE /api/v2/assets/{asset_id}/comments/{comment_id}", "asset-not-found"},
	{"comments.get", "GET /api/v2/assets/{asset_id}/comments/{comment_id}", "asset-not-found"},
	{"dag_actions.list", "GET /api/v2/assets/{asset_id}/dag_actions", "asset-not-found"},
	{"dag_actions.start", "POST /api/v2/assets/{asset_id}/dag_actions/{dag_action_id}", "err-404"},
	{"dag_runs.list", "GET /api/v2/assets/{asset_id}/dag_action_runs", "asset-not-found"},
	{"history.get", "GET /api/v2/assets/{asset_id}/history/{cursor}", "asset-not-found"},
	{"assets.get", "GET /api/v2/assets/{asset_id}", "not-found"},
	{"file_metadata.get", "GET /api/v2/assets/{asset_id}/file_metadata", "err-404"},
	{"collections.list", "GET /api/v2/assets/{asset_id}/collections", "asset-not-found"},
	{"media.list", "GET /api/v2/assets/{asset_id}/media", "asset-not-found"},
	{"media.download_url", "GET /api/v2/assets/{asset_id}/media/{media_id}/download_url", "asset-not-found"},
	{"media.add", "POST /api/v2/assets/{asset_id}/media", "err-404"},
	{"assets.create", "POST /api/v2/assets", ""},
	{"assets.update", "PUT /api/v2/assets/{asset_id}", "asset-not-found"},
	{"trash.move", "POST /api/v2/assets/{asset_id}/trash_bin", "asset-not-found"},
	{"trash.restore", "POST /api/v2/assets/{asset_id}/restore", "asset-not-found"},
	{"assets.delete", "DELETE /api/v2/assets/{asset_id}", "not-found"},
	{"project.assign", "POST /api/v2/assets/{asset_id}/assign", "asset-not-found"},
	{"project.unassign", "DELETE /api/v2/assets/{asset_id}/unassign", "asset-not-found"},
	{"media.remove", "DELETE /api/v2/assets/{asset_id}/media", "asset-not-found"},
}

// operationOf is the operation that a fact is about.
func operationOf(fact string) string {
	words := strings.SplitN(fact, ".", 3)
	return strings.Join(words[:2], ".")
}

// place is where the document has the fact's operation.
func place(fact string) int {
	return slices.IndexFunc(operations, func(o operation) bool { return o.name == operationOf(fact) })
}

// routes matches requests to operations.
var routes = func() *http.ServeMux {
	mux := http.NewServeMux()
	for _, o := range operations {
		mux.Handle(o.pattern, http.NotFoundHandler())
	}
	return mux
}()

// requested is the operation that a request is for; "" for none.
func requested(r *http.Request) string {
	_, pattern := routes.Handler(r)
	for _, o := range operations {
		if o.pattern == pattern {
			return o.name
		}
	}
	return ""
}
