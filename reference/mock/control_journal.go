package mock

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// known are the names of a query's values.
func known(q url.Values, names ...string) error {
	for name := range q {
		if !slices.Contains(names, name) {
			return wrong("the query has %q; %s", name, fixtures.Meant(name, "there are "+strings.Join(names, ", "), names...))
		}
	}
	return nil
}

// filterOf reads which entries are meant.
func filterOf(q url.Values) (f traffic.Filter, err error) {
	f = traffic.Filter{Caller: q.Get("user"), Endpoint: q.Get("endpoint")}
	for name, at := range map[string]*time.Time{"since": &f.Since, "until": &f.Until} {
		if text := q.Get(name); text != "" {
			if *at, err = time.Parse(time.RFC3339, text); err != nil {
				return f, wrong("%s: %q is no time such as 2026-01-31T12:00:00Z", name, text)
			}
		}
	}
	if text := q.Get("after"); text != "" {
		if f.After, err = strconv.ParseInt(text, 10, 64); err != nil || f.After < 0 {
			return f, wrong("after: %q is no number of an entry", text)
		}
	}
	if q.Has("wrong") {
		if f.WrongOnly, err = strconv.ParseBool(q.Get("wrong")); err != nil {
			return f, wrong("wrong: %q is neither true nor false", q.Get("wrong"))
		}
	}
	if f.Endpoint != "" && len(matchingEndpoints(f.Endpoint)) == 0 {
		return f, wrong("endpoint: %q is none of the document; %s", f.Endpoint, fixtures.Meant(f.Endpoint, "write it as documented", traffic.Endpoints()...))
	}
	return f, nil
}

// How long a client may wait for entries.
const longestWait = 25 * time.Second

// waiting reads for how many entries, and how long, a client waits.
func waiting(q url.Values) (count int, wait time.Duration, err error) {
	if text := q.Get("wait"); text != "" {
		if wait, err = time.ParseDuration(text); err != nil || wait < 0 || wait > longestWait {
			return 0, 0, wrong("wait: %q is no time up to 25s, such as 3s or 500ms", text)
		}
		count = 1
	}
	if text := q.Get("count"); text != "" {
		if count, err = strconv.Atoi(text); err != nil || count < 0 {
			return 0, 0, wrong("count: %q is no number", text)
		}
	}
	return count, wait, nil
}

type journalPage struct {
	Entries []traffic.Shown `json:"entries"`
}

// getJournal gives the entries that the query selects, as JSON or as HAR. It waits for
// ?wait= until there are ?count= of them.
func (m *Mock) getJournal(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	err := known(q, "user", "endpoint", "since", "until", "after", "wrong", "wait", "count", "format")
	f, err1 := filterOf(q)
	count, wait, err2 := waiting(q)
	if err = firstOf(err, err1, err2); err != nil {
		refuse(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	entries := m.journal.Wait(ctx, f, count)
	switch format := q.Get("format"); {
	case format == "har" || format == "" && strings.Contains(r.Header.Get("Accept"), "application/har+json"):
		w.Header().Set("Content-Type", "application/har+json")
		_ = traffic.WriteHAR(w, entries) // the client is gone; there is nobody to tell
	case format != "" && format != "json":
		refuse(w, wrong("format: %q is neither json nor har", format))
	default:
		page := journalPage{traffic.Show(entries...)}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(page) // the client is gone; there is nobody to tell
	}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// streamJournal sends entries as they come, as server-sent events, with their numbers as
// ids: a client that comes again is sent what it missed. With ?newest= it is sent no more
// than so many of those that came since it was last sent some, which spares a page.
func (m *Mock) streamJournal(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	err := known(q, "user", "endpoint", "since", "until", "after", "wrong", "newest")
	f, err1 := filterOf(q)
	newest, err2 := newestOf(q)
	if err = firstOf(err, err1, err2); err != nil {
		refuse(w, err)
		return
	}
	if last, err := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64); err == nil {
		f.After = max(f.After, last)
	}
	to := http.NewResponseController(w)
	_ = to.SetWriteDeadline(time.Time{}) // it lasts
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprint(w, ": the journal\n\n")
	lasts, end := m.lasting(r.Context())
	defer end()
	for to.Flush() == nil && lasts.Err() == nil {
		ctx, cancel := context.WithTimeout(lasts, keepAlive)
		entries := m.journal.Wait(ctx, f, 1)
		cancel()
		if len(entries) == 0 {
			fmt.Fprint(w, ": nothing\n\n")
		}
		if newest > 0 {
			entries = entries[max(0, len(entries)-newest):]
		}
		for _, e := range traffic.Show(entries...) {
			f.After = e.Number
			text, _ := json.Marshal(e) // texts always encode
			fmt.Fprintf(w, "id: %d\nevent: exchange\ndata: %s\n\n", e.Number, text)
		}
	}
}

// lasting is a context that ends with the mock, too.
func (m *Mock) lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	lasts, end := context.WithCancel(ctx)
	go func() {
		select {
		case <-m.ended:
			end()
		case <-lasts.Done():
		}
	}()
	return lasts, end
}

// newestOf reads how many entries a client wants at once; 0: all.
func newestOf(q url.Values) (newest int, err error) {
	if text := q.Get("newest"); text != "" {
		if newest, err = strconv.Atoi(text); err != nil || newest < 1 {
			return 0, wrong("newest: %q is no number above 0", text)
		}
	}
	return newest, nil
}

// keepAlive is how often a stream says that it is there.
const keepAlive = 15 * time.Second

// clientFormats are the media types of the verdict on a client, by their names.
var clientFormats = map[string]string{
	"text": "text/plain; charset=utf-8", "json": "application/json", "junit": "application/xml",
	"markdown": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8",
}

// getClient gives the verdict on the clients, or with ?user= on one of them.
func (m *Mock) getClient(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	needed, err := traffic.Meetable(q["need"])
	if err != nil {
		err = wrong("need: %v", err)
	}
	if err := firstOf(known(q, "user", "format", "need"), err); err != nil {
		refuse(w, err)
		return
	}
	format := q.Get("format")
	if format == "" {
		format = "json"
	}
	media, ok := clientFormats[format]
	if !ok {
		refuse(w, wrong("format: %q is none of text, json, junit, markdown, html", format))
		return
	}
	result := m.journal.Client(q.Get("user"), m.called(q.Get("user")), needed...)
	w.Header().Set("Content-Type", media)
	if format == "text" {
		_ = result.WriteText(w, report.TextOptions{Failures: report.AllFailures}) // the client is gone; there is nobody to tell
		return
	}
	_ = report.Formats[format](result, w) // the same
}

// called is what a report calls the client.
func (m *Mock) called(user string) string {
	at := ""
	if m.options.URL != nil {
		at = " of " + m.options.URL()
	}
	if user == "" {
		return "clients" + at
	}
	return user + ", a client" + at
}
