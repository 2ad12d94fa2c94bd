package traffic

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
)

// What follows is of HAR 1.2 what an exchange has. Names that begin with an underscore are
// our own, as the format has it.
type (
	harEntry struct {
		Started  string      `json:"startedDateTime"`
		Time     float64     `json:"time"` // in ms
		Request  harRequest  `json:"request"`
		Response harResponse `json:"response"`
		Cache    struct{}    `json:"cache"`
		Timings  harTimings  `json:"timings"`
		Endpoint string      `json:"_endpoint"`
		Caller   string      `json:"_caller"`
		Facts    []string    `json:"_facts"`
		Wrong    []ShownText `json:"_wrong"`
		Answered []ShownText `json:"_wrong_answer"`
	}
	harMessage struct {
		Version     string    `json:"httpVersion"`
		Cookies     []harPair `json:"cookies"`
		Headers     []harPair `json:"headers"`
		HeadersSize int       `json:"headersSize"`
		BodySize    int       `json:"bodySize"`
	}
	harRequest struct {
		Method string `json:"method"`
		URL    string `json:"url"`
		harMessage
		Query []harPair    `json:"queryString"`
		Body  *harPostData `json:"postData,omitempty"`
	}
	harResponse struct {
		Status int    `json:"status"`
		Text   string `json:"statusText"`
		harMessage
		Content  harContent `json:"content"`
		Redirect string     `json:"redirectURL"`
		Error    string     `json:"_error,omitempty"` // as browsers have it
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	harPostData struct {
		Type   string    `json:"mimeType"`
		Text   *string   `json:"text,omitempty"`
		Params []harPair `json:"params"`
	}
	harContent struct {
		Size     int     `json:"size"`
		Type     string  `json:"mimeType"`
		Text     *string `json:"text,omitempty"`
		Encoding string  `json:"encoding,omitempty"`
	}
	harTimings struct {
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}
)

// WriteHAR writes entries in HAR 1.2, one after the other, without secrets, as
// [Entry.Show] has them.
func WriteHAR(w io.Writer, entries []Entry) error {
	head := fmt.Sprintf(`{"log":{"version":"1.2","creator":{"name":"pocketcheck","version":%q},"pages":[],"entries":[`, report.Version)
	if _, err := io.WriteString(w, head); err != nil {
		return err
	}
	for i, e := range entries {
		text, err := json.Marshal(e.har(e.hidden.besides(e.Exchange)))
		if err != nil {
			return fmt.Errorf("write entry %d: %w", e.Number, err)
		}
		between := "\n"
		if i > 0 {
			between = ",\n"
		}
		if _, err := w.Write(append([]byte(between), text...)); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\n]}}\n")
	return err
}

func (e Entry) har(hide *hider) harEntry {
	s := e.shown(hide)
	h := harEntry{
		Started: s.At.Format("2006-01-02T15:04:05.000Z07:00"), Time: s.Millis, Timings: harTimings{Wait: s.Millis},
		Endpoint: s.Endpoint, Caller: s.Caller, Facts: s.Facts, Wrong: s.Wrong, Answered: s.Answered,
	}
	host := cmp.Or(hide.text(e.Host), "localhost")
	h.Request = harRequest{Method: s.Method, URL: "http://" + host + s.Path, harMessage: s.Request.har(len(e.Body)), Query: queryOf(s.Path)}
	if len(e.Body) > 0 {
		h.Request.Body = &harPostData{Type: s.Request.Header["Content-Type"], Text: &s.Request.Body, Params: []harPair{}}
	}
	answered := s.Answer
	h.Response = harResponse{
		Status: answered.Status, Text: statusText(answered.Status), harMessage: answered.har(len(e.Answer)),
		Content:  harContent{Size: len(answered.Body), Type: answered.Header["Content-Type"], Text: &answered.Body},
		Redirect: answered.Header["Location"], Error: answered.Failure,
	}
	if answered.IsCut {
		h.Response.Content.Size++ // of which the text is but the beginning
	}
	return h
}

func (m ShownMessage) har(size int) harMessage {
	h := harMessage{Version: "HTTP/1.1", Cookies: []harPair{}, Headers: []harPair{}, HeadersSize: -1, BodySize: size}
	for _, name := range slices.Sorted(maps.Keys(m.Header)) {
		h.Headers = append(h.Headers, harPair{name, m.Header[name]})
	}
	if m.IsCut {
		h.BodySize = -1
	}
	return h
}

func queryOf(target string) []harPair {
	pairs := []harPair{}
	_, query, _ := strings.Cut(target, "?")
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		if part != "" {
			pairs = append(pairs, harPair{plainly(name), plainly(value)})
		}
	}
	return pairs
}

// plainly is a part of a query without escapes, where they can be read.
func plainly(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

func statusText(status int) string {
	_, text, _ := strings.Cut(statusLine(status), " ")
	return text
}

// formOf is a body that was recorded as its parameters, as it was sent.
func (p harPostData) formOf() string {
	media, _, err := mime.ParseMediaType(p.Type)
	if err == nil && media == "multipart/form-data" {
		return "" // whose boundary and files are not there
	}
	var parts []string
	for _, pair := range p.Params {
		parts = append(parts, url.QueryEscape(plainly(pair.Name))+"="+url.QueryEscape(plainly(pair.Value)))
	}
	return strings.Join(parts, "&")
}

// at is when an entry began; the zero time where it does not say so.
func (h harEntry) at() time.Time {
	at, err := time.Parse(time.RFC3339Nano, h.Started)
	if err != nil {
		return time.Time{}
	}
	return at
}
