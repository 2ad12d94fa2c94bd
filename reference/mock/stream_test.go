package mock_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// events reads a stream of the journal, until n events came.
func events(t *testing.T, b *bench, query, last string, n int) (data []string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.URL+"/journal/stream"+query, http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Last-Event-ID", last)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }() // it was only read
	require.Equal(t, "text/event-stream", answer.Header.Get("Content-Type"))
	for lines := bufio.NewScanner(answer.Body); len(data) < n && lines.Scan(); {
		if text, isData := strings.CutPrefix(lines.Text(), "data: "); isData {
			data = append(data, text)
		}
	}
	return data
}

// TestStream: what came before, and what comes; after a break only what was missed.
func TestStream(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.status(adminKey, sample)
	b.status(editorKey, sample)
	got := make(chan []string)
	go func() { got <- events(t, b, "", "", 3) }()
	b.status(adminKey, "nowhere")
	all := <-got
	require.Len(t, all, 3)
	assert.Equal(t, "/api/v2/assets/nowhere", gjson.Get(all[2], "path").String())
	assert.Len(t, events(t, b, "", "2", 1), 1)
	assert.Equal(t, int64(3), gjson.Get(events(t, b, "", "2", 1)[0], "number").Int())
	assert.Equal(t, editor, gjson.Get(events(t, b, "?user="+editor, "", 1)[0], "caller").String())
}

// TestStreamEnds lets nothing hold up the end of a server.
func TestStreamEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := make(chan []string)
	go func() { got <- events(t, b, "", "", 1) }()
	b.mock.End()
	assert.Empty(t, <-got)
}
