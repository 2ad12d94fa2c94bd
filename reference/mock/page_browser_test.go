package mock_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPage works the mock by its page in a browser, as those do who write a client.
func TestPage(t *testing.T) {
	t.Parallel()
	ctx := startBrowser(t)
	for name, test := range map[string]func(context.Context, *testing.T){
		"sends": pageSends, "shows the journal": pageShowsTheJournal, "rules": pageRules, "faults": pageFaults,
		"clock and reset": pageClockAndReset, "copies": pageCopies, "wants the token": pageWantsTheToken,
		"takes keys": pageTakesKeys, "works every lever": pageWorksEveryLever, "says why not": pageSaysWhyNot,
		"is not steered": pageIsNotSteered, "bears many": pageBearsMany, "comes again": pageComesAgain, "is accessible": pageIsAccessible,
	} {
		t.Run(name, func(t *testing.T) { test(ctx, t) })
	}
}

const rows = `document.querySelectorAll('#entries > li')`

func pageSends(ctx context.Context, t *testing.T) {
	b := open(ctx, t, nil)
	b.eventually(`document.querySelectorAll('#examples > details').length == 23 && document.querySelector('#url').textContent == '` + b.api + `'`)
	assert.Contains(t, eval[string](b, `document.querySelector('#about').textContent`), "store: memory")
	b.click(`#examples > details:nth-of-type(2) summary`)
	b.click(`button[aria-label^="Send comments.create.ok:"]`)
	b.eventually(`document.querySelector('#outcome').textContent.startsWith('200 in ')`)
	assert.Contains(t, eval[string](b, `document.querySelector('#answer').textContent`), `"message": "new comment"`)
	assert.Equal(t, "/api/v2/assets/"+sample+"/comments", eval[string](b, `document.querySelector('#path').value`))

	b.choose("#key", "")
	b.click(`#request .main`)
	b.eventually(`document.querySelector('#outcome').textContent.startsWith('401 in ')`)
	b.choose("#key", editorKey)
	b.choose("#path", "/api/v2/assets/"+sample)
	b.choose("#method", "GET")
	b.click(`#request .main`)
	b.eventually(`document.querySelector('#answer').textContent.includes('Sample Asset')`)
	all := must(b.Journal(t.Context(), traffic.Filter{}))(t)
	assert.Equal(t, []string{admin, "no key", editor}, []string{all[0].Caller, all[1].Caller, all[2].Caller})
	b.assertQuiet401()
}

func pageShowsTheJournal(ctx context.Context, t *testing.T) {
	b := open(ctx, t, nil)
	b.eventually(`document.querySelector('#state').textContent == '● live'`)
	b.creates(adminKey)
	b.asks(editorKey, "POST", "/api/v2/assets", `{"titel": "x"}`)
	b.eventually(rows + `.length == 2`)
	assert.Contains(t, eval[string](b, rows+`[0].textContent`), "titel")
	assert.Equal(t, []string{"✕", "✓"}, eval[[]string](b, `[...document.querySelectorAll('.mark')].map(m => m.textContent)`))
	b.click(`#entries summary`)
	b.eventually(rows + `[0].querySelector('.details').textContent.includes('X-Api-Key: (editor@example.com)')`)
	assert.Contains(t, eval[string](b, rows+`[0].textContent`), `"titel": "x"`)

	b.click(`#wrong`)
	b.eventually(rows + `.length == 1`)
	b.click(`#wrong`)
	b.choose("#caller", admin)
	b.eventually(rows + `.length == 1 && ` + rows + `[0].textContent.includes('` + admin + `')`)
	b.choose("#caller", "")
	b.choose("#endpoint", "GET /api/v2/assets/:asset_id")
	b.eventually(rows + `.length == 0 && document.querySelector('#nothing').checkVisibility()`)
	b.choose("#endpoint", "")
	b.eventually(rows + `.length == 2`)
	b.choose("#find", "TITEL")
	b.eventually(`[...` + rows + `].filter(r => r.checkVisibility()).length == 1`)
	b.choose("#find", "")

	b.click(`#pause`)
	b.creates(adminKey)
	b.eventually(`document.querySelector('#count').textContent.includes('1 more wait')`)
	assert.Equal(t, 2, eval[int](b, rows+`.length`))
	b.click(`#pause`)
	b.eventually(rows + `.length == 3`)
	b.click(`#clear`)
	b.eventually(rows + `.length == 0`)
	assert.Empty(t, must(b.Journal(t.Context(), traffic.Filter{}))(t))
	b.assertQuiet()
}

func pageRules(ctx context.Context, t *testing.T) {
	b := open(ctx, t, nil)
	b.eventually(`document.querySelector('#rule-list').textContent.includes('No rules') && document.querySelectorAll('#rule-endpoint option').length == 24`)
	b.choose("#rule-endpoint", "GET /api/v2/assets/:asset_id")
	b.choose("#rule-caller", editor)
	b.choose("#rule-answer", "assets.get.not-found")
	b.choose("#rule-times", "2")
	b.click(`#rule .main`)
	b.says("The rule is added")
	rules := must(b.Rules(t.Context()))(t)
	require.Len(t, rules, 1)
	assert.Equal(t, control.Rule{ID: "rule-1", User: editor, Endpoint: "GET /api/v2/assets/:asset_id", Fact: "assets.get.not-found", Times: 2}, rules[0])
	assert.Equal(t, 404, b.status(editorKey, sample))
	assert.Equal(t, 200, b.status(adminKey, sample))
	b.eventually(`document.querySelector('#rule-list').textContent.includes('answered 1')`)
	b.click(`#rule-list button`)
	b.says("removed")
	assert.Empty(t, must(b.Rules(t.Context()))(t))

	b.choose("#rule-delay", "99999")
	eval[any](b, `document.querySelector('#rule').noValidate = true`)
	b.click(`#rule .main`)
	b.says("99999")
	b.choose("#rule-delay", "0")
	b.choose("#rule-endpoint", "")
	b.choose("#rule-caller", "")
	b.choose("#rule-answer", "")
	b.choose("#rule-break", "drop")
	b.click(`#rule .main`)
	b.says("The rule is added")
	_, err := b.send(adminKey, "GET", "/api/v2/assets/"+sample, "")
	require.Error(t, err)
}

func pageFaults(ctx context.Context, t *testing.T) {
	b := open(ctx, t, nil)
	on := func() (names []string) {
		for _, f := range must(b.Faults(t.Context()))(t) {
			if f.On {
				names = append(names, f.Name)
			}
		}
		return names
	}
	b.eventually(`document.querySelectorAll('#fault-list details').length > 20`)
	assert.Zero(t, eval[int](b, `document.querySelectorAll('#fault-list input').length`), "nothing is built before it is opened")
	b.click(`#fault-list details summary`)
	b.eventually(`document.querySelectorAll('#fault-list input').length > 3`)
	b.click(`#fault-list details input`)
	b.says("is on")
	b.eventually(`document.querySelectorAll('#fault-list .on input:checked').length == 1`)
	assert.True(t, eval[bool](b, `document.activeElement == document.querySelector('#fault-list details input')`), "the focus stays")
	first := on()
	require.Len(t, first, 1)
	b.choose("#find-fault", "not-owner")
	b.eventually(`document.querySelectorAll('#fault-list input').length < 61`)
	b.click(`#fault-list input`)
	b.says("not-owner")
	b.eventually(`document.querySelector('#fault-count').textContent.startsWith('2 of ')`)
	assert.Len(t, on(), 2)
	b.click(`#fault-list input`)
	b.says("is off")
	assert.Equal(t, first, on())
	b.click(`#no-faults`)
	b.says("All faults are off")
	assert.Empty(t, on())
	b.assertQuiet()
}

func pageClockAndReset(ctx context.Context, t *testing.T) {
	b := open(ctx, t, nil)
	b.eventually(`document.querySelector('#now').textContent.endsWith('UTC')`)
	began := must(b.Clock(t.Context()))(t).Now
	b.click(`#advance button`)
	b.says("The clock is at")
	assert.WithinDuration(t, began.AddDate(0, 0, 15), must(b.Clock(t.Context()))(t).Now, 5*time.Minute)
	b.choose("#time", "2031-02-03T04:05:06")
	b.click(`#freeze`)
	b.click(`#set button`)
	b.says("stands still")
	assert.Equal(t, control.Clock{Now: time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC), Frozen: true}, must(b.Clock(t.Context()))(t))
	assert.True(t, eval[bool](b, `document.querySelector('#frozen').checkVisibility()`))

	mine, theirs := b.creates(adminKey), b.creates(editorKey)
	b.choose("#whose", editor)
	b.click(`#reset-form button`)
	b.says("What editor@example.com made is gone")
	assert.Equal(t, []int{200, 404}, []int{b.status(adminKey, mine), b.status(adminKey, theirs)})
	b.choose("#whose", "")
	b.click(`#reset-form button`)
	b.eventually(`document.querySelector('#sure').open`)
	b.do(chromedp.KeyEvent("\u001b"))
	b.eventually(`!document.querySelector('#sure').open`)
	assert.Equal(t, 200, b.status(adminKey, mine), "it was not meant")
	b.click(`#reset-form button`)
	b.eventually(`document.querySelector('#sure').open`)
	b.click(`#sure .danger`)
	b.says("All is as at the start")
	assert.Equal(t, 404, b.status(adminKey, mine))
	assert.False(t, must(b.Clock(t.Context()))(t).Frozen)
	b.assertQuiet()
}

func pageCopies(ctx context.Context, t *testing.T) {
	for name, prepare := range map[string]string{
		"clipboard": `const write = navigator.clipboard.writeText.bind(navigator.clipboard);
			navigator.clipboard.writeText = text => write(text).then(() => { copied.push(text); })`,
		"selection": `navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));
			document.addEventListener('copy', e => copied.push(e.target.value))`,
	} {
		t.Run(name, func(t *testing.T) {
			b := open(ctx, t, nil)
			b.eventually(`document.querySelectorAll('#key-list li').length == 2`)
			eval[any](b, "window.copied = [];"+prepare)
			b.click(`#key-list li:nth-child(2) button`)
			b.eventually(`document.querySelector('#key-list li:nth-child(2) button').textContent == 'Copied'`)
			assert.Equal(t, []string{editorKey}, eval[[]string](b, `copied`))
			b.assertQuiet()
		})
	}
}

// pageWantsTheToken: what is beyond the page itself is for who has the token.
func pageWantsTheToken(ctx context.Context, t *testing.T) {
	const token = "sesame"
	b := open(ctx, t, func(levers http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" && r.Header.Get("Authorization") != "Bearer "+token {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			levers.ServeHTTP(w, r)
		})
	})
	b.Token = token
	b.eventually(`document.querySelector('#ask').open`)
	give := func(text string) {
		b.do(chromedp.SendKeys(chromedp.CSS(`#token`), text))
		b.click(`#ask .main`)
	}
	give("another")
	b.eventually(`document.querySelector('#ask').open && document.querySelector('#ask-why').textContent.includes('does not take')`)
	give(token)
	b.eventually(`document.querySelector('#state').textContent == '● live' && document.querySelectorAll('#key-list li').length == 2`)
	b.creates(adminKey)
	b.eventually(rows + `.length == 1`)
	eval[any](b, `window.downloads = []; document.addEventListener('click', e => { if (e.target.download) { downloads.push(e.target.href); e.preventDefault(); } }, true);
		HTMLAnchorElement.prototype.click = function () { downloads.push(this.download + ' ' + this.href.slice(0, 5)); }`)
	b.click(`#verdict`)
	b.eventually(`downloads.includes('verdict.html blob:')`)
	b.do(chromedp.Reload())
	b.eventually(rows + `.length == 1`) // it is kept while the tab is open
	assert.NotContains(t, eval[string](b, `document.documentElement.outerHTML`), token)
}
