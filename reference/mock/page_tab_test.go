package mock_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
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
	"github.com/pocketcheck/pocketcheck/reference/mock"
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

// startBrowser gives the context of a browser for a test and its subtests.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		missing(t, "no chromium to show the page in; install Debian's package chromium")
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

// tab is a mock with its page in a browser, and what the page did that it should not.
type tab struct {
	*bench
	context.Context
	t *testing.T

	mu       sync.Mutex
	trouble  []string // errors, dialogues
	requests []string
}

// open shows the page of a mock in a tab of its own; around stands before the levers, and
// may be nil.
func open(ctx context.Context, t *testing.T, around func(http.Handler) http.Handler) *tab {
	t.Helper()
	var api *httptest.Server
	b := newBench(t, func(o *mock.Options) {
		o.Keys = append(o.Keys, editorKey)
		o.URL = func() string { return api.URL }
	})
	api = httptest.NewServer(anyOrigin(b.mock))
	t.Cleanup(api.Close)
	if around != nil {
		levers := httptest.NewServer(around(b.mock.Control()))
		t.Cleanup(levers.Close)
		t.Cleanup(b.mock.End)
		b.Client.URL = levers.URL
	}
	b.api = api.URL
	shown := &tab{bench: b, t: t}
	ctx, closeTab := chromedp.NewContext(ctx, chromedp.WithListener(shown.note))
	t.Cleanup(closeTab)
	shown.Context = ctx
	shown.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, tracked := cdp.Call(ctx, tab, network.Enable, network.EnableParams{})
		_, focused := cdp.Call(ctx, tab, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		_, kept := cdp.Call(ctx, tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: keepsWhatItSays})
		return errors.Join(tracked, focused, kept)
	}))
	shown.do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(b.Client.URL))
	return shown
}

// keepsWhatItSays has a page keep what it tells for seconds only.
const keepsWhatItSays = `window.said = [];
	addEventListener('DOMContentLoaded', () => {
		const says = document.querySelector('#says');
		new MutationObserver(() => { if (says.textContent) said.push(says.textContent); }).observe(says, {childList: true});
	})`

// anyOrigin lets pages of others ask the API.
func anyOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "*")
		w.Header().Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// patience is how long a browser may take on a busy machine.
const patience = time.Minute

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error { // the first starts the tab
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		_, err := chromedp.Steps(actions...)(ctx, tab)
		return err
	})))
}

// click clicks on what is there, once it stands still: what arrives meanwhile moves it. What
// moved away all the same is clicked on again.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.eventually(`!!document.querySelector('` + selector + `')`)
	for end := time.Now().Add(patience); ; {
		b.clickOnce(selector)
		if eval[bool](b, `window.isHit !== false`) { // or it led away from the page
			return
		}
		require.True(b.t, time.Now().Before(end), "%s is never hit", selector)
	}
}

func (b *tab) clickOnce(selector string) {
	b.t.Helper()
	eval[any](b, `new Promise(done => {
		window.isHit = false;
		document.querySelector('`+selector+`')?.addEventListener('click', () => { isHit = true; }, {once: true, capture: true});
		let before, still = 0;
		const look = () => {
			const e = document.querySelector('`+selector+`');
			e?.scrollIntoView({block: 'center'});
			const now = JSON.stringify(e?.getBoundingClientRect());
			still = now == before ? still + 1 : 0;
			before = now;
			if (still < 3) requestAnimationFrame(look); else done();
		};
		look();
	})`)
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// choose sets what a field has, as who works it does.
func (b *tab) choose(selector, value string) {
	b.t.Helper()
	eval[any](b, `((e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); })(document.querySelector('`+selector+`'), '`+value+`')`)
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
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err, "%.200s", expression)
	return value
}

// eventually waits until an expression holds in the page. What it is about may not be there yet.
func (b *tab) eventually(expression string) {
	b.t.Helper()
	guarded := `(() => { try { return !!(` + expression + `); } catch { return false; } })()`
	holds := func() bool {
		value, err := chromedp.Run(b, chromedp.Evaluate[bool](guarded, chromedp.EvalAwaitPromise))
		return err == nil && value // require.Eventually asks from a goroutine, which must not end the test
	}
	require.Eventually(b.t, holds, patience, 20*time.Millisecond, "%s", expression)
}

// says waits until the page has told of something, which it does for seconds only, and
// forgets what it told before.
func (b *tab) says(text string) {
	b.t.Helper()
	b.eventually(`said.splice(0, 1 + said.findIndex(text => text.includes('` + text + `'))).length > 0`)
}

// assertQuiet tells that nothing went wrong in the page, and that it asked nobody but the
// mock.
func (b *tab) assertQuiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	assert.Empty(b.t, b.trouble)
	require.NotEmpty(b.t, b.requests)
	for _, asked := range b.requests {
		assert.Regexp(b.t, "^("+b.api+"|"+b.Client.URL+"|data:|blob:)", asked)
	}
}
