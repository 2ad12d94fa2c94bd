package traffic

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"
)

// How much of a HAR is read.
const (
	mostHAR        = 256 << 20
	mostHAREntries = 100_000
)

// versionedPath is how the paths of the document begin.
const versionedPath = "/api/v2/"

// recording is an entry of a HAR as others write it: what they may leave out is a pointer,
// and numbers may have a fraction.
type recording struct {
	harEntry
	Time    float64 `json:"time"`
	Cache   any     `json:"cache"`
	Timings any     `json:"timings"`
	Facts   any     `json:"_facts"` // as all that is told here, it is judged anew
	Wrong   any     `json:"_wrong"`
	Answer  any     `json:"_wrong_answer"`
	Request struct {
		Method  string       `json:"method"`
		URL     string       `json:"url"`
		Headers []harPair    `json:"headers"`
		Size    float64      `json:"bodySize"`
		Body    *harPostData `json:"postData"`
	} `json:"request"`
	Response struct {
		Status  float64   `json:"status"`
		Headers []harPair `json:"headers"`
		Content struct {
			Size     float64 `json:"size"`
			Text     *string `json:"text"`
			Encoding string  `json:"encoding"`
		} `json:"content"`
		Error string `json:"_error"`
	} `json:"response"`
}

// ReadHAR reads what a browser or a proxy recorded. It gives the exchanges with the API at
// base, with the paths that follow it; without a base those whose path has /api/v2/, with
// what begins there. How many others there were it tells, too. The error says what of
// it is no HAR, and where.
func ReadHAR(r io.Reader, base *url.URL) (all []*Exchange, skipped int, err error) {
	limited := &io.LimitedReader{R: r, N: mostHAR + 1}
	text := bufio.NewReader(limited)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = text.Discard(len(mark)) // they are there
	}
	d := json.NewDecoder(text)
	callers := &Callers{}
	err = eachEntry(d, func(n int, x recording) error {
		if n >= mostHAREntries {
			return fmt.Errorf("there are more than %d entries; record less", mostHAREntries)
		}
		exchange, isOurs, err := x.exchange(base, callers)
		switch {
		case err != nil:
			return fmt.Errorf("log.entries[%d]: %w", n, err)
		case isOurs:
			all = append(all, exchange)
		default:
			skipped++
		}
		return nil
	})
	if err != nil && limited.N <= 0 {
		err = fmt.Errorf("it has more than %d MiB; record less", mostHAR>>20)
	}
	return all, skipped, err
}

// eachEntry reads the entries of a HAR one after the other.
func eachEntry(d *json.Decoder, do func(int, recording) error) error {
	if err := seek(d, "log"); err != nil {
		return err
	}
	if err := seek(d, "entries"); err != nil {
		return err
	}
	if token, err := d.Token(); err != nil || token != json.Delim('[') {
		return errors.Join(errors.New("log.entries is no list"), misread(d, err))
	}
	for n := 0; d.More(); n++ {
		var x recording
		if err := d.Decode(&x); err != nil {
			return fmt.Errorf("log.entries[%d]: %w", n, misread(d, err))
		}
		if err := do(n, x); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return misread(d, err) // nil at the end of the list
}

// seek goes to the value of a member of the object that comes next.
func seek(d *json.Decoder, name string) error {
	token, err := d.Token()
	if err != nil {
		return misread(d, err)
	}
	if token != json.Delim('{') {
		return fmt.Errorf("it is no HAR: want an object with the member %q", name)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return misread(d, err)
		}
		if key == name {
			return nil
		}
		var other json.RawMessage
		if err := d.Decode(&other); err != nil {
			return misread(d, err)
		}
	}
	return fmt.Errorf("it is no HAR: there is no member %q", name)
}

// kindsOfHAR are the kinds of what a HAR has, as JSON calls them.
var kindsOfHAR = map[reflect.Kind]string{
	reflect.Struct: "object", reflect.Slice: "array", reflect.String: "string", reflect.Float64: "number", reflect.Int: "number",
}

// misread says where JSON can't be read, and nothing of what stands there.
func misread(d *json.Decoder, err error) error {
	if err == nil {
		return nil
	}
	if mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s is no %s", mistyped.Field, kindsOfHAR[mistyped.Type.Kind()])
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("it ends in the middle, at byte %d", d.InputOffset())
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("it is no JSON from byte %d on", d.InputOffset())
	}
	return err
}

func (x recording) exchange(base *url.URL, callers *Callers) (e *Exchange, isOurs bool, err error) {
	at, err := url.Parse(x.Request.URL)
	if err != nil || x.Request.Method == "" {
		return e, false, errors.New("request.method or request.url is missing or can't be read")
	}
	target, isOurs := targetIn(at, base)
	if !isOurs || x.Request.Method == http.MethodOptions {
		return e, false, nil
	}
	e = &Exchange{
		At: x.at(), Took: time.Duration(x.Time * float64(time.Millisecond)), Method: x.Request.Method, Target: target,
		Header: headerOf(x.Request.Headers), AnswerHead: headerOf(x.Response.Headers), Status: max(int(x.Response.Status), 0), Failure: x.Response.Error,
	}
	if e.Caller = x.Caller; e.Caller == "" {
		e.Caller = callers.Of(e.Header)
	}
	e.Body, e.IsCut = x.body()
	e.Answer, e.AnswerIsCut, err = x.answer(e.AnswerHead)
	return e, true, err
}

// targetIn gives a URL as the API at base is asked for it.
func targetIn(at, base *url.URL) (target string, isOurs bool) {
	target = at.RequestURI()
	if at.Scheme != "http" && at.Scheme != "https" {
		return "", false
	}
	if base == nil {
		path, _, _ := strings.Cut(target, "?")
		from := strings.Index(path, versionedPath)
		return target[max(from, 0):], from >= 0
	}
	rest, isBelow := strings.CutPrefix(target, strings.TrimRight(base.EscapedPath(), "/"))
	return rest, isBelow && strings.HasPrefix(rest, "/") && originOf(at) == originOf(base)
}

func originOf(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = u.Scheme // its usual one
	}
	usual := map[string]string{"80": "http", "443": "https"}
	if usual[port] == u.Scheme {
		port = u.Scheme
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}

// headerOf leaves out what HTTP/2 has for headers of its own.
func headerOf(pairs []harPair) http.Header {
	h := http.Header{}
	for _, p := range pairs {
		if !strings.HasPrefix(p.Name, ":") {
			h.Add(p.Name, p.Value)
		}
	}
	return h
}

// body gives what was sent, as far as it was recorded.
func (x recording) body() (body []byte, isCut bool) {
	p := x.Request.Body
	if p == nil {
		return nil, x.Request.Size > 0
	}
	text := p.formOf()
	if p.Text != nil && (*p.Text != "" || text == "") {
		text = *p.Text
	}
	return []byte(text[:min(len(text), Kept)]), len(text) > Kept || text == "" && x.Request.Size > 0
}

// answer gives what was answered, as far as it was recorded: many recorders leave out the
// body of some answers, so that a missing one is no empty one.
func (x recording) answer(head http.Header) (answer []byte, isCut bool, err error) {
	c := x.Response.Content
	if c.Text == nil {
		return nil, head.Get("Content-Length") != "0", nil
	}
	answer = []byte(*c.Text)
	if strings.EqualFold(c.Encoding, "base64") {
		if answer, err = base64.StdEncoding.DecodeString(*c.Text); err != nil {
			return nil, true, errors.New("response.content.text is no base64")
		}
	}
	isCut = c.Size > float64(len(answer)) || len(answer) > Kept
	return answer[:min(len(answer), Kept)], isCut, nil
}
