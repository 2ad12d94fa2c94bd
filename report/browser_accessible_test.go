package report_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// browserFindsItAccessible runs axe, in light and in dark.
func browserFindsItAccessible(ctx context.Context, t *testing.T) {
	assertAccessible(t, open(ctx, t, withExchanges(), ""))
}

// browserFindsTheMatrixAccessible does so with implementations side by side, and leaves out
// what is the same of them.
func browserFindsTheMatrixAccessible(ctx context.Context, t *testing.T) {
	m := sideBySide(t, "dam")
	b := openPage(ctx, t, written(t, func(b *strings.Builder) error { return m.WriteHTML(b) }), "")
	const rows = `[...document.querySelectorAll('details.endpoint tr')].filter(r => r.checkVisibility()).map(r => r.querySelector('code')?.textContent)`
	assertAccessible(t, b)
	b.do(t, chromedp.Reload()) // some rows are gone
	eval[any](t, b, opened)
	assert.Contains(t, eval[[]any](t, b, rows), "assets.update.ok")
	b.click(t, `.differing`)
	shown := eval[[]any](t, b, rows)
	assert.NotContains(t, shown, "assets.update.ok")
	assert.Contains(t, shown, "comments.create.ok")
}

const opened = `for (const d of document.querySelectorAll('details')) d.open = true; null`

// axeCore is the checker's source, and why there is none.
var axeCore = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "pocketcheck-axe")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(folder) }() // it is a folder for what is temporary
	npm := exec.Command("npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, "axe-core@4")
	if out, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm gives no axe-core: %w %s", err, out)
	}
	axe, err := os.ReadFile(filepath.Join(folder, "node_modules", "axe-core", "axe.min.js")) // #nosec G304 -- of a folder made above
	return string(axe), err
})

// thinned removes facts that differ from one that stays in nothing but texts and addresses: of
// all of them, axe-core would say the same again.
const thinned = `{
	const seen = new Set()
	for (const fact of document.querySelectorAll('details.endpoint tr, .fact')) {
		const shape = fact.outerHTML.replace(/>[^<]+/g, '>').replace(/ (?!class|role)[a-z-]+="[^"]*"/g, '')
		if (seen.has(shape)) fact.remove()
		seen.add(shape)
	}
	null
}`

// assertAccessible checks a whole page, and in each further scheme and width one fact of each shape.
func assertAccessible(t *testing.T, b *tab) {
	t.Helper()
	axe, err := axeCore()
	if err != nil {
		missing(t, err.Error())
	}
	b.do(t, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
		return err
	}), chromedp.Reload(), chromedp.Evaluate[chromedp.Void](axe))
	eval[any](t, b, opened)
	widths := []int64{1280, 1220, 1000, 390}
	for _, width := range widths {
		b.do(t, chromedp.EmulateViewport(width, 900))
		assert.LessOrEqual(t, eval[int64](t, b, `document.documentElement.scrollWidth`), width, "the page scrolls sideways")
	}
	for _, scheme := range []string{"light", "dark"} {
		b.do(t, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			return err
		}))
		for _, width := range widths {
			b.do(t, chromedp.EmulateViewport(width, 900))
			assert.Empty(t, violations(t, b), "%s, %d wide", scheme, width)
			eval[any](t, b, thinned)
		}
	}
}

func violations(t *testing.T, b *tab) []string {
	t.Helper()
	return eval[[]string](t, b, `axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
		.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target + ': ' + n.failureSummary)))`)
}
