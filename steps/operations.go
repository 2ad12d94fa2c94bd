package steps

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// operation is a documented endpoint.
type operation struct {
	name   string // as the ids of its facts have it: "comments.update"
	method string
	path   string // as documented, with :asset_id and the like
	ok     string // the fact that says what a good answer is
	makes  value  // what a good answer gives the id of
}

// value is something that an answer has: what the scenario knows it by, and where
// it stands.
type value struct{ name, path string }

var (
	anAssetID   = value{"asset id", "asset.id"}
	aCommentID  = value{"comment id", "comment.id"}
	aRunID      = value{"run id", "dag_action_run.id"}
	nothingMade = value{}
)

// operations are the 23 endpoints, in the document's order.
var operations = []operation{
	{"comments.list", http.MethodGet, "/api/v2/assets/:asset_id/comments", "comments.list.ok", nothingMade},
	{"comments.create", http.MethodPost, "/api/v2/assets/:asset_id/comments", "comments.create.ok", aCommentID},
	{"comments.update", http.MethodPost, "/api/v2/assets/:asset_id/comments/:comment_id", "comments.update.ok", nothingMade},
	{"comments.delete", http.MethodDelete, "/api/v2/assets/:asset_id/comments/:comment_id", "comments.delete.ok", nothingMade},
	{"comments.get", http.MethodGet, "/api/v2/assets/:asset_id/comments/:comment_id", "comments.get.ok", nothingMade},
	{"dag_actions.list", http.MethodGet, "/api/v2/assets/:asset_id/dag_actions", "dag_actions.list.ok", nothingMade},
	{"dag_actions.start", http.MethodPost, "/api/v2/assets/:asset_id/dag_actions/:dag_action_id", "dag_actions.start.ok", aRunID},
	{"dag_runs.list", http.MethodGet, "/api/v2/assets/:asset_id/dag_action_runs", "dag_runs.list.ok", nothingMade},
	{"history.get", http.MethodGet, "/api/v2/assets/:asset_id/history/:cursor", "history.get.ok", nothingMade},
	{"assets.get", http.MethodGet, "/api/v2/assets/:asset_id", "assets.get.ok", nothingMade},
	{"file_metadata.get", http.MethodGet, "/api/v2/assets/:asset_id/file_metadata", "file_metadata.get.err-404", nothingMade},
	{"collections.list", http.MethodGet, "/api/v2/assets/:asset_id/collections", "collections.list.ok", nothingMade},
	{"media.list", http.MethodGet, "/api/v2/assets/:asset_id/media", "media.list.ok", nothingMade},
	{"media.download_url", http.MethodGet, "/api/v2/assets/:asset_id/media/:media_id/download_url", "media.download_url.ok", nothingMade},
	{"media.add", http.MethodPost, "/api/v2/assets/:asset_id/media", "media.add.ok-http", nothingMade},
	{"assets.create", http.MethodPost, "/api/v2/assets", "assets.create.ok", anAssetID},
	{"assets.update", http.MethodPut, "/api/v2/assets/:asset_id", "assets.update.ok", nothingMade},
	{"trash.move", http.MethodPost, "/api/v2/assets/:asset_id/trash_bin", "trash.move.ok", nothingMade},
	{"trash.restore", http.MethodPost, "/api/v2/assets/:asset_id/restore", "trash.restore.ok", nothingMade},
	{"assets.delete", http.MethodDelete, "/api/v2/assets/:asset_id", "assets.delete.ok", nothingMade},
	{"project.assign", http.MethodPost, "/api/v2/assets/:asset_id/assign", "project.assign.ok", nothingMade},
	{"project.unassign", http.MethodDelete, "/api/v2/assets/:asset_id/unassign", "project.unassign.ok", nothingMade},
	{"media.remove", http.MethodDelete, "/api/v2/assets/:asset_id/media", "media.remove.ok", nothingMade},
}

// operationNamed finds an operation. A name that the table has not is a fault of
// this package.
func operationNamed(name string) *operation {
	for i := range operations {
		if operations[i].name == name {
			return &operations[i]
		}
	}
	panic(fmt.Sprintf("steps: no operation %q", name))
}

// endpoint is the operation as documented.
func (o *operation) endpoint() string { return o.method + " " + o.path }

// knownOf maps a path parameter to what the scenario knows it by.
var knownOf = map[string]string{
	"asset_id": "asset id", "comment_id": "comment id",
	"dag_action_id": "DAG action id", "media_id": "media id",
}

// expand fills the parameters of the path. last, if not "", is the text of the
// last of them.
func (o *operation) expand(known func(string) (wire.Part, error), last string) (wire.Template, error) {
	var t wire.Template
	segments := strings.Split(o.path, "/")
	for i, s := range segments {
		if i > 0 {
			t = append(t, wire.Part{Text: "/"})
		}
		name, isParam := strings.CutPrefix(s, ":")
		switch {
		case !isParam:
			t = append(t, wire.Part{Text: s})
		case last != "" && !strings.Contains(strings.Join(segments[i+1:], "/"), ":"):
			t = append(t, wire.Part{Text: last}.InPath())
		default:
			v, err := known(knownOf[name])
			if err != nil {
				return nil, err
			}
			t = append(t, v.InPath())
		}
	}
	return t, nil
}
