package steps

import (
	"net/http"
	"strings"

	"github.com/pocketcheck/pocketcheck/steps/match"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/tidwall/gjson"
)

// longestKey is what servers take of all headers together.
const longestKey = 8 << 10

// idOf reads an id from an answer: a text or a number that a path can carry. A Given
// asks no more of an answer than its status and the id.
func idOf(e *wire.Exchange, path string) (id string, ok bool) {
	if body, isJSON := e.JSON(); isJSON {
		id = textOf(body.Get(path))
	}
	return id, id != "" && wire.Unfit(id) == ""
}

// textOf gives the text of an id, without the answer around it; "" where it is none.
func textOf(v gjson.Result) string { return strings.Clone(match.Text(v)) }

// captureOf lets a script take an id from an answer, as the text of it. Where jq keeps the
// digits of a number it keeps a fraction of zeros, too.
func captureOf(variable, path string, v gjson.Result) wire.Capture {
	if v.Type == gjson.Number && v.Raw != match.Text(v) {
		path += " | floor"
	}
	return wire.Capture{Variable: variable, Path: path}
}

// noID records that an answer has no id where it should, or one that no path can carry.
func (w *world) noID(a *answer, path string) {
	body, _ := a.exchange.JSON()
	v := body.Get(path)
	shown := "missing"
	if v.Type == gjson.String || v.Type == gjson.Number {
		shown = v.Raw
	}
	if why := wire.Unfit(textOf(v)); why != "" { // first, since the rest may be cut off
		shown = "one that " + why + ": " + v.Raw
	}
	w.judge.record("answer to", "$."+path, "an id", shown)
	w.judge.final()
}

// unfit looks whether the answer to the When has an id with which what it made can't be
// asked for.
func (w *world) unfit() *broken {
	e, makes := w.when.answer.exchange, w.when.operation.makes
	if makes != anAssetID && makes != aCommentID || e.Status/100 != http.StatusOK/100 {
		return nil
	}
	body, _ := e.JSON()
	if _, isFit := idOf(e, makes.path); isFit || !body.Get(makes.path).Exists() { // which other checks are about
		return nil
	}
	found, _ := w.look(w.when.answer, func(a *answer) { w.noID(a, makes.path) })
	return found
}
