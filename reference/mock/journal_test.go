package mock_test

import (
	"context"
	"testing"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVerdict(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, err := b.Verdict(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, 404, b.status(adminKey, "not-found-id"))
	require.Equal(t, 422, b.asks(editorKey, "POST", "/api/v2/assets", `{"titel": "x"}`).status)
	verdicts := map[string]report.Verdict{
		"": report.NonConformant, admin: report.Partial, editor: report.NonConformant, "nobody@example.com": report.Inconclusive,
	}
	for user, want := range verdicts {
		assert.Equal(t, want, must(b.Verdict(t.Context(), user))(t).Verdict, user)
	}
	for _, format := range []string{"text", "json", "junit", "markdown", "html"} {
		text := must(b.Report(t.Context(), format, ""))(t)
		assert.Contains(t, string(text), "assets.create.param-title", format)
	}
	_, err = b.Report(t.Context(), "pdf", "")
	assert.Contains(t, refusedAs(t, err, 400), "pdf")
}

func TestJournal(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.status(adminKey, sample)
	b.asks(editorKey, "POST", "/api/v2/assets", `{"titel": "x"}`)
	b.asks("unheard-of", "GET", "/api/v2/asset", "")
	all := must(b.Journal(t.Context(), traffic.Filter{}))(t)
	require.Len(t, all, 3)
	assert.Equal(t, []string{admin, editor, "unknown key"}, []string{all[0].Caller, all[1].Caller, all[2].Caller})
	assert.Equal(t, "POST /api/v2/assets", all[1].Endpoint)
	assert.Equal(t, `{"titel": "x"}`, all[1].Request.Body)
	assert.Equal(t, 422, all[1].Answer.Status)
	assert.Contains(t, all[2].Wrong[0].Text, "want GET /api/v2/assets/:asset_id")
	assert.Len(t, must(b.Journal(t.Context(), traffic.Filter{WrongOnly: true}))(t), 2)
	assert.Len(t, must(b.Journal(t.Context(), traffic.Filter{Caller: editor}))(t), 1)
	assert.Len(t, must(b.Journal(t.Context(), traffic.Filter{Endpoint: "GET *"}))(t), 1)
	assert.Len(t, must(b.Journal(t.Context(), traffic.Filter{After: 2}))(t), 1)
	_, err := b.Journal(t.Context(), traffic.Filter{Endpoint: "GETS *"})
	assert.Contains(t, refusedAs(t, err, 400), "GETS")
	require.NoError(t, b.ClearJournal(t.Context(), editor))
	assert.Len(t, must(b.Journal(t.Context(), traffic.Filter{}))(t), 2)
}

func TestJournalWaits(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	found := make(chan int)
	go func() {
		entries, _ := b.Wait(t.Context(), traffic.Filter{Caller: admin}, 2)
		found <- len(entries)
	}()
	b.status(adminKey, sample)
	b.status(editorKey, sample)
	b.status(adminKey, sample)
	assert.Equal(t, 2, <-found)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := b.Wait(ctx, traffic.Filter{}, 100)
	require.ErrorIs(t, err, context.Canceled)
}
