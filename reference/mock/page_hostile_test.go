package mock_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// assertQuiet401 is assertQuiet of a page that was refused: a browser tells of each answer
// that is none of success.
func (b *tab) assertQuiet401() {
	b.t.Helper()
	b.mu.Lock()
	kept := b.trouble[:0]
	for _, text := range b.trouble {
		if !strings.Contains(text, "the server responded with a status of") {
			kept = append(kept, text)
		}
	}
	b.trouble = kept
	b.mu.Unlock()
	b.assertQuiet()
}

// pageIsNotSteered: what clients send is shown, and does nothing.
func pageIsNotSteered(ctx context.Context, t *testing.T) {
	const markup = `<img src=x onerror=alert(1)><script>alert(2)</script></textarea>`
	const unseen = "a\u202egpj.exe\u0007\u200b"
	b := open(ctx, t, nil)
	b.eventually(`document.querySelector('#state').textContent == '● live'`)
	long := strings.Repeat("W", 700_000)
	b.asks(markup, "POST", "/api/v2/"+markup+"?"+strings.Repeat("y", 100_000), markup+unseen, "X-"+strings.Repeat("h", 5000), markup)
	b.asks(adminKey, "POST", "/api/v2/assets", `{"title": "`+markup+unseen+long+`"}`, "X-Long", long)
	b.eventually(rows + `.length == 2`)
	eval[any](b, `for (const d of document.querySelectorAll('#entries details')) d.open = true; null`)
	b.eventually(`document.querySelectorAll('.details').length == 2`)
	assert.Zero(t, eval[int](b, `document.querySelectorAll('#entries img, #entries script, #entries textarea').length`))
	text := eval[string](b, `document.querySelector('#entries').textContent`)
	assert.Contains(t, text, markup)
	assert.Contains(t, text, `a\u{202e}gpj.exe\u{7}\u{200b}`)
	assert.NotContains(t, text, "\u202e")
	assert.Less(t, len(text), 60_000, "long texts are cut")
	assert.LessOrEqual(t, eval[int](b, `document.documentElement.scrollWidth`), 1280)
	b.do(chromedp.EmulateViewport(390, 900))
	assert.LessOrEqual(t, eval[int](b, `document.documentElement.scrollWidth`), 390)
	b.assertQuiet()
}

// pageBearsMany: the page stays small, and answers who works it meanwhile.
func pageBearsMany(ctx context.Context, t *testing.T) {
	b := open(ctx, t, nil)
	b.eventually(`document.querySelector('#state').textContent == '● live'`)
	const many = 5000
	body := `{"title": "` + strings.Repeat("many ", 200) + `"}`
	for i := range many {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v2/assets?n="+strings.Repeat("n", i%10), strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		b.mock.ServeHTTP(httptest.NewRecorder(), r)
		if i == many/2 {
			b.click(`#examples summary`)
			b.eventually(`document.querySelector('#examples details').open`)
			assert.LessOrEqual(t, eval[int](b, rows+`.length`), 400)
		}
	}
	b.creates(adminKey) // is the newest
	b.eventually(rows + `.length == 200 && ` + rows + `[0].textContent.includes('` + admin + `')`)
	assert.Less(t, eval[int](b, `document.querySelectorAll('*').length`), 10_000)
	b.assertQuiet()
}

// pageComesAgain: it follows the journal of a mock that broke off, or was started anew.
func pageComesAgain(ctx context.Context, t *testing.T) {
	var broken atomic.Bool
	ends := make(chan struct{})
	b := open(ctx, t, func(levers http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/journal/stream" {
				if broken.Load() {
					panic(http.ErrAbortHandler)
				}
				ctx, cancel := context.WithCancel(r.Context())
				defer cancel()
				go func() {
					select {
					case <-ends:
						cancel()
					case <-ctx.Done():
					}
				}()
				r = r.WithContext(ctx)
			}
			levers.ServeHTTP(w, r)
		})
	})
	b.creates(adminKey)
	b.eventually(rows + `.length == 1`)
	broken.Store(true)
	ends <- struct{}{}
	b.eventually(`document.querySelector('#state').textContent.includes('connecting again')`)
	b.creates(adminKey)
	broken.Store(false)
	b.eventually(rows + `.length == 2 && document.querySelector('#state').textContent == '● live'`)
}

func pageTakesKeys(ctx context.Context, t *testing.T) {
	b := open(ctx, t, nil)
	b.creates(adminKey)
	b.eventually(rows + `.length == 1`)
	// A key press would need the focus of the window; the page hears this as well.
	const slash = `document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '/', bubbles: true, cancelable: true}))`
	assert.False(t, eval[bool](b, slash), "it is not typed")
	assert.Equal(t, "find", eval[string](b, `document.activeElement.id`))
	b.do(chromedp.KeyEvent("/"))
	b.eventually(`document.querySelector('#find').value == '/'`) // it is typed there
	b.eventually(rows + `[0].checkVisibility()`)
	eval[any](b, `document.querySelector('#entries summary').focus()`)
	b.do(chromedp.KeyEvent(" "))
	b.eventually(`document.querySelector('#entries details').open`)
	b.do(chromedp.KeyEvent("\u001b"))
	b.eventually(`!document.querySelector('#entries details').open && document.activeElement == document.querySelector('#entries summary')`)
	// All that can be worked is reached by Tab, and is seen to be.
	missed := eval[[]string](b, `[...document.querySelectorAll('a, button, input, select, textarea, summary')].filter(e => e.checkVisibility())
		.filter(e => { e.focus({focusVisible: true}); return document.activeElement != e || e.tabIndex < 0 || getComputedStyle(e).outlineStyle == 'none'; }).map(e => e.outerHTML)`)
	assert.Empty(t, missed)
	assert.Equal(t, "status", eval[string](b, `document.querySelector('#says').role`))
	b.assertQuiet()
}

// pageSaysWhyNot: the API lets no page in here.
func pageSaysWhyNot(ctx context.Context, t *testing.T) {
	b := open(ctx, t, nil)
	b.eventually(`document.querySelectorAll('#key option').length == 4`)
	require.NoError(t, dropAll(b))
	b.choose("#path", "/api/v2/assets/"+sample)
	b.click(`#request .main`)
	b.eventually(`document.querySelector('#answer').textContent.includes('a rule dropped the connection')`)
	b.choose("#path", "nowhere")
	b.click(`#request .main`)
	b.says("begins with a slash")
}

func pageIsAccessible(ctx context.Context, t *testing.T) {
	folder := t.TempDir()
	npm := exec.CommandContext(t.Context(), "npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, "axe-core@4")
	if out, err := npm.CombinedOutput(); err != nil {
		missing(t, "npm gives no axe-core: "+err.Error()+" "+string(out))
	}
	axe, err := os.ReadFile(filepath.Join(folder, "node_modules", "axe-core", "axe.min.js"))
	require.NoError(t, err)
	b := open(ctx, t, nil)
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
		return err
	}), chromedp.Reload(), chromedp.Evaluate[chromedp.Void](string(axe)))
	full(b)
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 390} {
			b.look(scheme, width)
			for _, dialog := range []string{"", "#sure", "#ask"} {
				if dialog != "" {
					eval[any](b, `document.querySelector('`+dialog+`').showModal()`)
				}
				violations := eval[[]string](b, `axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
					.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target + ': ' + n.failureSummary)))`)
				assert.Empty(t, violations, "%s, %d wide, %s", scheme, width, dialog)
				if dialog != "" {
					eval[any](b, `document.querySelector('`+dialog+`').close()`)
				}
			}
			assert.LessOrEqual(t, eval[int64](b, `document.documentElement.scrollWidth`), width, "the page scrolls sideways")
		}
	}
}

func (b *tab) look(scheme string, width int64) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}), chromedp.EmulateViewport(width, 900))
}

// full fills the page with something of all that it can show.
func full(b *tab) {
	b.t.Helper()
	b.eventually(`document.querySelector('#state').textContent == '● live'`)
	b.creates(adminKey)
	b.asks(editorKey, "POST", "/api/v2/assets", `{"titel": "x"}`)
	b.asks("nobody's", "GET", "/api/v2/asset/"+sample+"?incl=1", "")
	b.status(adminKey, sample)
	b.eventually(rows + `.length == 4`)
	b.click(`#examples > details:nth-of-type(2) summary`)
	b.click(`button[aria-label^="Send comments.create.ok:"]`)
	b.eventually(`document.querySelector('#outcome').textContent.startsWith('200 in ') && ` + rows + `.length == 5`)
	b.choose("#rule-endpoint", "GET /api/v2/assets/:asset_id")
	b.click(`#rule .main`)
	b.says("The rule is added")
	b.click(`#fault-list details summary`)
	b.eventually(`document.querySelectorAll('#fault-list input').length > 3`)
	b.click(`#fault-list li:nth-child(2) input`)
	b.says("is on")
	b.click(`#hold`)
	b.says("stands still")
	eval[any](b, `for (const d of document.querySelectorAll('#entries details')) d.open = d.closest('li').className == 'bad'; null`)
}
