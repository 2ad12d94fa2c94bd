package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mostMemory is what a run may take, whatever it is answered.
const mostMemory = 256 << 20

// hostile is a target that answers so as to fill the memory of who asks, and what a
// run says of it.
type hostile struct {
	name   string
	target func(reference http.Handler) http.Handler
	states http.Handler // nil: none
	says   string
}

// fill gives a text of about a size, made of a beginning, a part again and again, and an
// end.
func fill(begin, part, end string, size int) string {
	return begin + strings.Repeat(part, (size-len(begin)-len(end))/len(part)) + end
}

const nearLimit = 8<<20 - 100

func untouched(h http.Handler) http.Handler { return h }

// always is in the place of the reference.
func always(h http.Handler) func(http.Handler) http.Handler {
	return func(http.Handler) http.Handler { return h }
}

// instead answers GETs whose path has a part with a text, and with the reference
// otherwise.
func instead(part, text string) func(http.Handler) http.Handler {
	return onlyGET(part, says(http.StatusOK, text))
}

func onlyGET(part string, instead http.Handler) func(http.Handler) http.Handler {
	return func(reference http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && strings.Contains(r.URL.Path, part) && !strings.Contains(r.URL.Path, "not-found") {
				instead.ServeHTTP(w, r)
				return
			}
			reference.ServeHTTP(w, r)
		})
	}
}

// everyList answers with lists of one element again and again.
func everyList(element string, size int) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		for _, key := range []string{"comments", "dag_actions", "dag_action_runs", "collections", "media"} {
			h = instead("/"+key, fill(`{"`+key+`": [`, element+",", element+"]}", size))(h)
		}
		return h
	}
}

// longHistory has pages without end.
func longHistory(h http.Handler) http.Handler {
	results := fill(`["`, "x", `"]`, 3<<20)
	var pages atomic.Int64
	return onlyGET("/history/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"history": {"next_cursor": "%d", "results": %s}}`, pages.Add(1), results) // the client may go
	}))(h)
}

// padded puts a text of a size into every answer in JSON of the reference.
func padded(size int) func(http.Handler) http.Handler {
	padding := `{"further": "` + strings.Repeat("x", size) + `", `
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			h.ServeHTTP(answer, r)
			says(answer.Code, strings.Replace(answer.Body.String(), "{", padding, 1)).ServeHTTP(w, r)
		})
	}
}

// endlessly answers with one text again and again.
func endlessly(begin, part string) http.Handler {
	many := []byte(strings.Repeat(part, 1<<16))
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, err := io.WriteString(w, begin)
		for n := 0; err == nil && n < 1<<30; n += len(many) {
			_, err = w.Write(many)
		}
	})
}

func bomb() http.Handler {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for range 256 {
		_, _ = z.Write(bytes.Repeat([]byte("1,"), 1<<19)) // it is memory
	}
	_ = z.Close()
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(b.Bytes()) // the client may go
	})
}

// garbled answers most GETs with a long line that is no HTTP.
func garbled(h http.Handler) http.Handler {
	line := strings.Repeat("\x01", 60<<10)
	return onlyGET("/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(c, line+"\r\n\r\n") // the client sees what is missing
		_ = c.Close()
	}))(h)
}

// headers answers with more headers than a gateway lets through.
func headers(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i := range 40_000 {
			w.Header()["X-"+strconv.Itoa(i)] = []string{"x"}
		}
		h.ServeHTTP(w, r)
	})
}

// hostiles are targets that differ in what they fill. What a run says of them names the
// limit, where there is one that was reached before the run was over.
func hostiles() []hostile {
	ones := fill(`{"asset": {"id": "1"}, "comment": {"id": 1}, "comments": [`, "1,", "1]}", nearLimit)
	return []hostile{
		{"the reference", untouched, nil, "verdict: partial"},
		{"ones", always(says(http.StatusOK, ones)), nil, "more than 100000 values"},
		{"lists of ones", everyList("1", nearLimit), nil, "more than 100000 values"},
		{"short lists of ones", everyList("1", 30<<10), nil, "verdict: "},
		{"lists of long texts", everyList(`"`+strings.Repeat("x", 1<<20)+`"`, nearLimit), nil, "verdict: "},
		{"a cursor", instead("/history/", fill(`{"history": {"results": [], "next_cursor": "`, "x", `"}}`, 4<<20)), nil, "more than the 1024 that the suite takes"},
		{"a long history", longHistory, nil, "one scenario needs are longer than 24 MiB together"},
		{"padding", padded(7 << 20), nil, "verdict: "},
		{"nested", instead("/comments", fill(`{"comments": `, "[", "", nearLimit)), nil, "more than 200 deep"},
		{"an error", always(says(http.StatusBadRequest, fill(`{"error": "`, "x", `"}`, nearLimit))), nil, "verdict: "},
		{"escapes", always(says(http.StatusOK, fill(`{"asset": {"id": 1}, "error": "`, `\\u0026amp;`, `"}`, nearLimit))), nil, "verdict: "},
		{"headers", headers, nil, "headers of the answer are longer than 64 KiB"},
		{"garbage", garbled, nil, "verdict: "},
		{"compressed", always(bomb()), nil, "longer than 8 MiB"},
		{"endless", always(endlessly(`{"asset": {"id": 1}, "comments": [`, "1,")), nil, "longer than 8 MiB"},
		{"endless states", untouched, endlessly(`{"api_key": "`, "x"), "longer than 8 MiB"},
		{"states of ones", untouched, says(http.StatusOK, fill(`{"x": [`, "1,", `1], "api_key": "1"}`, nearLimit)), "more than 100000 values"},
		{"a long key", untouched, says(http.StatusOK, fill(`{"comment_id": "1", "dag_action_id": "1", "api_key": "`, "x", `"}`, nearLimit)), "more than the 8192 that the suite sends"},
	}
}

// toItsEnd runs a command to its end, and gives what it said and how much memory it had at
// most. What the system tells of a process that ended counts in the one that started it.
func toItsEnd(t *testing.T, cmd *exec.Cmd) (said string, peak int) {
	t.Helper()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(t, cmd.Start())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // its state tells
	}()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-ended:
			return out.String(), peak
		case <-look.C:
			if most, runs := peakOf(cmd.Process); runs {
				peak = most
			}
		}
	}
}

// TestMemory runs the command, as users have it, on targets that want its memory.
func TestMemory(t *testing.T) {
	t.Parallel()
	command := filepath.Join(installed(t), "pocketcheck")
	for _, tt := range hostiles() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ref, err := newReference()
			require.NoError(t, err)
			server := httptest.NewServer(tt.target(ref))
			t.Cleanup(server.Close)
			args := []string{"run", "--target", server.URL, "--deadline", "6s", "--fact", "comments.list.*", "--fact", "history.*", "--report", "json=" + filepath.Join(t.TempDir(), "r.json"), "-v"}
			if tt.states != nil {
				states := httptest.NewServer(tt.states)
				t.Cleanup(states.Close)
				args = append(args, "--states-url", states.URL)
			}
			cmd := exec.CommandContext(t.Context(), command, args...)
			cmd.Env = []string{"POCKETCHECK_API_KEY=" + apiKey}
			said, peak := toItsEnd(t, cmd)
			t.Logf("%v, %d MiB", cmd.ProcessState.UserTime(), peak>>20)
			assert.Contains(t, said, tt.says)
			assert.Less(t, peak, mostMemory)
		})
	}
}
