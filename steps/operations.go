package steps

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// operation is a documented endpoint under the name that the features give it.
type operation struct {
	phrase string // "update the comment"
	method string
	path   string // as documented, with :asset_id and the like
	ok     string // the fact that says what a good answer is
	no     string // the fact that says how it refuses when there is nothing to do it to
}

// operations are the 23 endpoints, in the document's order.
var operations = []operation{
	{"list the comments", http.MethodGet, "/api/v2/assets/:asset_id/comments", "comments.list.ok", ""},
	{"create a comment", http.MethodPost, "/api/v2/assets/:asset_id/comments", "comments.create.ok", ""},
	{"update the comment", http.MethodPost, "/api/v2/assets/:asset_id/comments/:comment_id", "comments.update.ok", ""},
	{"delete the comment", http.MethodDelete, "/api/v2/assets/:asset_id/comments/:comment_id", "comments.delete.ok", ""},
	{"get the comment", http.MethodGet, "/api/v2/assets/:asset_id/comments/:comment_id", "comments.get.ok", "comments.get.comment-not-found"},
	{"list the DAG actions", http.MethodGet, "/api/v2/assets/:asset_id/dag_actions", "dag_actions.list.ok", ""},
	{"start the DAG action", http.MethodPost, "/api/v2/assets/:asset_id/dag_actions/:dag_action_id", "dag_actions.start.ok", ""},
	{"list the DAG action runs", http.MethodGet, "/api/v2/assets/:asset_id/dag_action_runs", "dag_runs.list.ok", ""},
	{"get the history", http.MethodGet, "/api/v2/assets/:asset_id/history/:cursor", "history.get.ok", ""},
	{"get the asset", http.MethodGet, "/api/v2/assets/:asset_id", "assets.get.ok", "assets.get.not-found"},
	{"get the file metadata", http.MethodGet, "/api/v2/assets/:asset_id/file_metadata", "file_metadata.get.err-404", ""},
	{"list the collections", http.MethodGet, "/api/v2/assets/:asset_id/collections", "collections.list.ok", ""},
	{"list the media", http.MethodGet, "/api/v2/assets/:asset_id/media", "media.list.ok", ""},
	{"get the download URL", http.MethodGet, "/api/v2/assets/:asset_id/media/:media_id/download_url", "media.download_url.ok", ""},
	{"add media", http.MethodPost, "/api/v2/assets/:asset_id/media", "media.add.ok-http", ""},
	{"create an asset", http.MethodPost, "/api/v2/assets", "assets.create.ok", ""},
	{"update the asset", http.MethodPut, "/api/v2/assets/:asset_id", "assets.update.ok", ""},
	{"move the asset to the trash bin", http.MethodPost, "/api/v2/assets/:asset_id/trash_bin", "trash.move.ok", ""},
	{"restore the asset", http.MethodPost, "/api/v2/assets/:asset_id/restore", "trash.restore.ok", "trash.restore.not-in-trash"},
	{"delete the asset", http.MethodDelete, "/api/v2/assets/:asset_id", "assets.delete.ok", ""},
	{"assign the asset", http.MethodPost, "/api/v2/assets/:asset_id/assign", "project.assign.ok", ""},
	{"unassign the asset", http.MethodDelete, "/api/v2/assets/:asset_id/unassign", "project.unassign.ok", "project.unassign.no-parent"},
	{"remove the media", http.MethodDelete, "/api/v2/assets/:asset_id/media", "media.remove.ok", ""},
}

// operationNamed finds an operation by its phrase. Only phrases of the table
// can be asked for, so a miss is a fault of this package.
func operationNamed(phrase string) *operation {
	for i := range operations {
		if operations[i].phrase == phrase {
			return &operations[i]
		}
	}
	panic(fmt.Sprintf("steps: no operation %q", phrase))
}

// phrases is a regular expression of all phrases.
func phrases() string {
	quoted := make([]string, len(operations))
	for i, o := range operations {
		quoted[i] = regexp.QuoteMeta(o.phrase)
	}
	return "(" + strings.Join(quoted, "|") + ")"
}

// knownOf maps a path parameter to what the scenario knows it by.
var knownOf = map[string]string{
	"asset_id": "asset id", "comment_id": "comment id",
	"dag_action_id": "DAG action id", "media_id": "media id",
}

// expand fills the parameters of the path. last, if not "", is the text of the
// last of them.
func (o *operation) expand(known func(string) (part, error), last string) (template, error) {
	var t template
	segments := strings.Split(o.path, "/")
	for i, s := range segments {
		if i > 0 {
			t = append(t, part{text: "/"})
		}
		name, isParam := strings.CutPrefix(s, ":")
		switch {
		case !isParam:
			t = append(t, part{text: s})
		case last != "" && !strings.Contains(strings.Join(segments[i+1:], "/"), ":"):
			t = append(t, part{text: last}.inPath())
		default:
			v, err := known(knownOf[name])
			if err != nil {
				return nil, err
			}
			t = append(t, v.inPath())
		}
	}
	return t, nil
}
