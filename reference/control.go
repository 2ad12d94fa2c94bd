package reference

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
)

// Control returns a handler for what no client of the API may do; it belongs
// on a listener of its own. POST /states takes a provider state in Pact's
// shape, {"state": S, "params": {…}, "action": "setup"}, and answers 200 and
// the values that [Server.State] returns, 404 for a state not offered, 400 for
// bad parameters or JSON, and 415 for another media type, which is all that a
// form in a browser can send. "teardown" answers {}, or 404 too. It removes what the setup
// made whose values are among the params, unless something else uses it; without values
// it leaves all as it is, so that one may ask which states are offered.
func (s *Server) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /states", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		values, err := s.setUp(w, r.WithContext(ctx))
		s.reply(w, r, values, err)
	})
	mux.HandleFunc("/states", s.methodNotAllowed(http.MethodPost))
	mux.HandleFunc("/", s.notFound)
	return mux
}

func (s *Server) setUp(w http.ResponseWriter, r *http.Request) (map[string]string, error) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return nil, &refusal{http.StatusUnsupportedMediaType, "Content-Type must be application/json"}
	}
	var text bytes.Buffer
	if err := readBody(w, r, 64<<10, &text); err != nil {
		return nil, err
	}
	var wanted struct {
		State  string                     `json:"state"`
		Params map[string]json.RawMessage `json:"params"`
		Action string                     `json:"action"`
	}
	if err := json.Unmarshal(text.Bytes(), &wanted); err != nil {
		return nil, badParam("body is not a provider state: %v", err)
	}
	do := s.State
	switch wanted.Action {
	case "teardown":
		do = s.tearDown
	case "setup", "":
	default:
		return nil, badParam("action %q is neither setup nor teardown", wanted.Action)
	}
	params, err := paramTexts(wanted.Params)
	if err != nil {
		return nil, err
	}
	values, err := do(r.Context(), wanted.State, params)
	if errors.Is(err, ErrStateNotOffered) {
		return nil, &refusal{http.StatusNotFound, err.Error()}
	}
	return values, err
}

// paramTexts takes strings, and numbers as their text. Others of Pact's
// parameters mean nothing to our states.
func paramTexts(params map[string]json.RawMessage) (map[string]string, error) {
	texts := map[string]string{}
	for name, value := range params {
		var text string
		var num json.Number
		switch {
		case json.Unmarshal(value, &text) == nil:
			texts[name] = text
		case json.Unmarshal(value, &num) == nil:
			texts[name] = num.String()
		default:
			return nil, badParam("%s: %s is neither a string nor a number", name, value)
		}
	}
	return texts, nil
}
