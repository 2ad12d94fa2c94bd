package report_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
	assertAccessible(t, b)
	const rows = `[...document.querySelectorAll('details.endpoint tr')].filter(r => r.checkVisibility()).map(r => r.querySelector('code')?.textContent)`
	assert.Contains(t, eval[[]any](t, b, rows), "assets.update.ok")
	b.click(t, `.differing`)
	shown := eval[[]any](t, b, rows)
	assert.NotContains(t, shown, "assets.update.ok")
	assert.Contains(t, shown, "comments.create.ok")
}

func assertAccessible(t *testing.T, b *tab) {
	t.Helper()
	folder := t.TempDir()
	npm := exec.CommandContext(t.Context(), "npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, "axe-core@4")
	if out, err := npm.CombinedOutput(); err != nil {
		missing(t, "npm gives no axe-core: "+err.Error()+" "+string(out))
	}
	axe, err := os.ReadFile(filepath.Join(folder, "node_modules", "axe-core", "axe.min.js"))
	require.NoError(t, err)
	b.do(t, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
		return err
	}), chromedp.Reload(), chromedp.Evaluate[chromedp.Void](string(axe)))
	eval[any](t, b, `for (const d of document.querySelectorAll('details')) d.open = true; null`)
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 1220, 1000, 390} {
			b.do(t, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
				_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
					Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
				})
				return err
			}), chromedp.EmulateViewport(width, 900))
			violations := eval[[]string](t, b, `axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
				.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target + ': ' + n.failureSummary)))`)
			assert.Empty(t, violations, "%s, %d wide", scheme, width)
			assert.LessOrEqual(t, eval[int64](t, b, `document.documentElement.scrollWidth`), width, "the page scrolls sideways")
		}
	}
}
