package report_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// missing skips a test for want of a tool, or fails it where the tool is a must.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("POCKETCHECK_REQUIRE_BROWSER") == "1" {
		require.FailNow(t, why)
	}
	t.Skip(why)
}

// tab is a page in a browser, and what it did that it should not.
type tab struct {
	context.Context
	mu       sync.Mutex
	trouble  []string // errors, dialogues
	requests []string
}

// startBrowser gives the context of a browser for a test and its subtests.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		missing(t, "no chromium to show the report in; install Debian's package chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, closeBrowser := chromedp.NewContext(ctx)
	t.Cleanup(closeBrowser)
	require.NoError(t, chromedp.Do(ctx), "start %s", chromium)
	return ctx
}

// open shows a report in a tab of its own.
func open(ctx context.Context, t *testing.T, result *report.Report, fragment string) *tab {
	t.Helper()
	return openPage(ctx, t, rendered(t, result, "html"), fragment)
}

// openPage shows a page in a tab of its own, from a file as a partner does.
func openPage(ctx context.Context, t *testing.T, html, fragment string) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(file, []byte(html), 0o600))
	shown := &tab{}
	ctx, closeTab := chromedp.NewContext(ctx, chromedp.WithListener(shown.note))
	t.Cleanup(closeTab)
	shown.Context = ctx
	shown.do(t, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, tracked := cdp.Call(ctx, tab, network.Enable, network.EnableParams{})
		_, focused := cdp.Call(ctx, tab, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return errors.Join(tracked, focused)
	}))
	address := url.URL{Scheme: "file", Path: file, Fragment: fragment}
	shown.do(t, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(address.String()))
	return shown
}

// patience is how long a browser may take on a busy machine.
const patience = time.Minute

func (b *tab) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	require.NoError(t, chromedp.Do(b, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error { // the first starts the tab
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		_, err := chromedp.Steps(actions...)(ctx, tab)
		return err
	})))
}

func (b *tab) click(t *testing.T, selector string) {
	t.Helper()
	b.do(t, chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
}

func (b *tab) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *log.EventEntryAdded:
		b.trouble = append(b.trouble, e.Entry.Text)
	case *runtime.EventExceptionThrown:
		b.trouble = append(b.trouble, e.ExceptionDetails.Text)
	case *page.EventJavascriptDialogOpening:
		b.trouble = append(b.trouble, "dialogue "+e.Message)
	}
}

// eval gives what an expression comes to in the page.
func eval[T any](t *testing.T, b *tab, expression string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(b, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(t, err, "%.200s", expression)
	return value
}

// eventually waits until an expression holds in the page.
func eventually(t *testing.T, b *tab, expression string) {
	t.Helper()
	require.Eventually(t, func() bool { return eval[bool](t, b, expression) }, patience, 20*time.Millisecond, "%s", expression)
}

func (b *tab) assertQuiet(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	assert.Empty(t, b.trouble)
	assert.Len(t, b.requests, 1, "the page itself and nothing else")
}

// TestBrowser shows reports in a browser, as those do who read them.
func TestBrowser(t *testing.T) {
	t.Parallel()
	ctx := startBrowser(t)
	for name, test := range map[string]func(context.Context, *testing.T){
		"filters": browserFilters, "keeps the filter": browserKeepsTheFilter, "takes keys": browserTakesKeys, "follows links": browserFollowsLinks, "copies": browserCopies, "prints": browserPrints,
		"is not steered": browserIsNotSteered, "finds it accessible": browserFindsItAccessible, "finds the matrix accessible": browserFindsTheMatrixAccessible,
	} {
		t.Run(name, func(t *testing.T) { test(ctx, t) })
	}
}

// shownFacts are the ids of the facts that the filter lets through.
const shownFacts = `[...document.querySelectorAll('.fact')].filter(f => f.checkVisibility()).map(f => f.id)`

func browserFilters(ctx context.Context, t *testing.T) {
	b := open(ctx, t, everyOutcome(), "")
	found := func() string { return eval[string](t, b, `document.querySelector('output').textContent`) }
	assert.Equal(t, "9 of 9 facts", found())

	b.click(t, `input[value=failed]`)
	assert.Equal(t, []string{"comments.update.ok"}, eval[[]string](t, b, shownFacts))
	assert.Equal(t, "1 of 9 facts", found())
	b.click(t, `input[value=blocked]`)
	assert.Equal(t, []string{"comments.update.ok", "comments.update.ok.effect"}, eval[[]string](t, b, shownFacts))
	b.do(t, chromedp.SendKeys(chromedp.CSS(`#text`), "NEW Updated"))
	eventually(t, b, `document.querySelector('output').textContent == '2 of 9 facts'`)

	b.click(t, `button[type=reset]`)
	eventually(t, b, `document.querySelector('output').textContent == '9 of 9 facts'`)
	eval[any](t, b, `{ const e = document.querySelector('#endpoint'); e.selectedIndex = 1; e.dispatchEvent(new Event('input', {bubbles: true})); null }`)
	assert.Equal(t, []string{
		"comments.list.ok", "comments.list.err-404", "comments.list.other-users.effect", "comments.list.hdr-content-type",
	}, eval[[]string](t, b, shownFacts))
	b.do(t, chromedp.SendKeys(chromedp.CSS(`#text`), "nowhere to be found"))
	eventually(t, b, `document.querySelector('.none').checkVisibility()`)
	assert.Equal(t, "polite", eval[string](t, b, `document.querySelector('output').ariaLive`))
	b.assertQuiet(t)
}

func browserFollowsLinks(ctx context.Context, t *testing.T) {
	b := open(ctx, t, everyOutcome(), "comments.update.ok")
	at := func(id string) string {
		return `(f => f.open && f.contains(document.activeElement) && Math.abs(f.getBoundingClientRect().top) < innerHeight)(document.getElementById('` + id + `'))`
	}
	eventually(t, b, at("comments.update.ok"))
	assert.False(t, eval[bool](t, b, `document.getElementById('comments.list.ok').open`))

	b.click(t, `input[value=failed]`)
	b.click(t, `a.c[href="#assets.get.ok"]`)
	eventually(t, b, at("assets.get.ok")) // though the filter hid it

	b.do(t, chromedp.KeyEvent(" ")) // a fact opens and closes by key
	eventually(t, b, `!document.getElementById('assets.get.ok').open`)
	b.click(t, `.toggle`)
	eventually(t, b, `[...document.querySelectorAll('.fact')].every(f => !f.open)`)
	b.click(t, `.toggle`)
	eventually(t, b, `[...document.querySelectorAll('.fact')].every(f => f.open)`)
	b.assertQuiet(t)
}

func browserCopies(ctx context.Context, t *testing.T) {
	const script = "answer=$(curl -sS 'http://127.0.0.1/<b>' -H \"X-API-KEY: $POCKETCHECK_API_KEY\")\nprintf '%s\\n' \"$answer\""
	for name, prepare := range map[string]string{
		"clipboard": `const write = navigator.clipboard.writeText.bind(navigator.clipboard);
			navigator.clipboard.writeText = text => write(text).then(() => { copied.push(text); })`,
		"selection": `navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));
			document.addEventListener('copy', () => copied.push(getSelection().toString()))`,
	} {
		t.Run(name, func(t *testing.T) {
			result := everyOutcome()
			result.Facts[3].Scenarios[0].Curl = script + "\n"
			b := open(ctx, t, result, "comments.update.ok")
			eval[any](t, b, "window.copied = [];"+prepare)
			b.click(t, `#comments\.update\.ok .copy`)
			eventually(t, b, `document.querySelector('.copy').textContent == 'Copied'`)
			assert.Equal(t, []string{script}, eval[[]string](t, b, `copied`))
			b.assertQuiet(t)
		})
	}
}

// browserPrints: on paper what failed is open, and nothing is there to click.
func browserPrints(ctx context.Context, t *testing.T) {
	b := open(ctx, t, everyOutcome(), "")
	const opened = `[...document.querySelectorAll('.fact[open]')].map(f => f.id)`
	eval[any](t, b, `window.inPrint = null; addEventListener('beforeprint', () => { inPrint = `+opened+` })`)
	b.do(t, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, page.PrintToPDF, page.PrintToPDFParams{})
		return err
	}))
	assert.Equal(t, []string{"comments.update.ok"}, eval[[]string](t, b, `inPrint`))
	assert.Empty(t, eval[[]string](t, b, opened))

	b.do(t, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	}))
	assert.Zero(t, eval[int](t, b, `[...document.querySelectorAll('nav, input, select, button, .skip')].filter(e => e.checkVisibility()).length`))
	b.assertQuiet(t)
}

// browserIsNotSteered shows what a target may send to take a page over.
func browserIsNotSteered(ctx context.Context, t *testing.T) {
	attack := "</script><script>alert(1)</script></pre></title></style><img src=x onerror=alert(2)><svg/onload=alert(3)>" +
		`" onclick="alert(4)" ' javascript:alert(5) <a href="javascript:alert(6)">x</a> {{.}} ` + hostile
	b := open(ctx, t, attacked(attack+strings.Repeat("<b>", 1<<20/3)), "comments.update.ok")
	assert.Zero(t, eval[int](t, b, `document.querySelectorAll('img, iframe, a[href^="javascript"], [onclick], [onerror], svg[onload], main script').length`))
	assert.Equal(t, 1, eval[int](t, b, `document.scripts.length`))
	assert.True(t, eval[bool](t, b, `[...document.links].every(a => a.getAttribute('href').startsWith('#'))`))
	assert.True(t, eval[bool](t, b, `document.getElementById('comments.update.ok').textContent.includes('<img src=x onerror=alert(2)>')`))
	assert.Equal(t, "", eval[string](t, b, `document.body.innerText.match(/[\u001b\u2028\u202e\u0000]/g)?.join() ?? ''`))
	for _, click := range []string{`a`, `summary`, `button`} {
		eval[any](t, b, `for (const e of document.querySelectorAll('`+click+`')) e.click(); null`)
	}
	b.assertQuiet(t)

	// Were the escaping to fail, the policy of the page would still hold.
	eval[any](t, b, `{ const s = document.createElement('script'); s.textContent = 'window.taken = true'; document.body.append(s); null }`)
	assert.False(t, eval[bool](t, b, `'taken' in window`))
}
