package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// endpoints tells which of the endpoints that a GET asks seem not to be there: a server
// that has them answers an unknown asset in JSON, as it does at the asset itself. The
// others can't be asked without a change. Where an asset is named that is there, it is
// asked about that. first is what an unknown asset was answered.
func (d *doctor) endpoints(ctx context.Context, first *reply, asset string) {
	if _, documented := first.refusal(); !documented {
		return // that is said already, and the others will be so, too
	}
	which := "an existing asset"
	if asset == unknownID {
		which = "an unknown asset"
	}
	var missing, unclear []string
	asked := 0
	for _, e := range readable() {
		r, err := d.askFor(ctx, d.target.Key, e, pathOf(e, asset))
		if err != nil {
			unclear = append(unclear, fmt.Sprintf("whether %s is there is not known: %v", e, err))
			continue
		}
		asked++
		says := r.absent()
		if asset != unknownID && r.Status == http.StatusNotFound && says == "" && isOfAsset(e) {
			says = r.StatusLine()
		}
		if says != "" {
			missing = append(missing, fmt.Sprintf("%s seems not to be there: %s is answered %s", e, which, says))
		}
	}
	switch {
	case len(missing)+len(unclear) > 0:
		d.note("warn", "endpoints", append(missing, unclear...)...)
	default:
		d.note("ok", "endpoints", fmt.Sprintf("%d that a GET asks answer as if they were there", asked))
	}
}

// readable are the endpoints that a GET asks, as documented.
func readable() (all []string) {
	for _, f := range fixtures.Facts() {
		if strings.HasPrefix(f.Endpoint, http.MethodGet+" ") && (len(all) == 0 || all[len(all)-1] != f.Endpoint) {
			all = append(all, f.Endpoint)
		}
	}
	return all
}

// isOfAsset tells whether all that may be missing is the asset: neither a comment nor a
// file of it.
func isOfAsset(endpoint string) bool {
	return !strings.Contains(endpoint, ":comment_id") && !strings.Contains(endpoint, ":media_id") && !strings.HasSuffix(endpoint, "/file_metadata")
}

// pathOf fills the parameters of an endpoint, of an asset and of things that are its.
func pathOf(endpoint, asset string) string {
	_, path, _ := strings.Cut(endpoint, " ")
	path = strings.NewReplacer(":asset_id", asset, ":comment_id", "1", ":cursor", "0", ":media_id", "1").Replace(path)
	if strings.HasSuffix(path, "/download_url") {
		path += "?filename=test.png"
	}
	return path
}

// absent tells what of an answer about any asset is as if there were no such
// endpoint; "" where nothing is.
func (r *reply) absent() string {
	_, documented := r.refusal()
	switch {
	case r.Status == http.StatusUnauthorized, r.Status >= 500 && r.Status != http.StatusNotImplemented:
		return "" // it is there, however wrong
	case !json.Valid(r.Answer):
		return r.StatusLine() + ", not in JSON"
	case r.Status == http.StatusMethodNotAllowed, r.Status == http.StatusNotImplemented:
		return r.StatusLine()
	case r.Status == http.StatusNotFound && !documented:
		return r.StatusLine() + ", without an error"
	}
	return ""
}

// refusal gives the error of an answer, and whether it is a 404 that has one.
func (r *reply) refusal() (text string, documented bool) {
	var answer struct {
		Error string `json:"error"`
	}
	isJSON := json.Unmarshal(r.Answer, &answer) == nil
	return answer.Error, isJSON && r.Status == http.StatusNotFound && answer.Error != ""
}
