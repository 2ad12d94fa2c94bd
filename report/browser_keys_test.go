package report_test

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// browserKeepsTheFilter: what is sent on shows the same.
func browserKeepsTheFilter(ctx context.Context, t *testing.T) {
	b := open(ctx, t, everyOutcome(), "")
	b.click(t, `input[value=failed]`)
	b.click(t, `input[value=blocked]`)
	b.do(t, chromedp.SendKeys(chromedp.CSS(`#text`), "new updated"))
	eventually(t, b, `location.hash == '#outcome=failed&outcome=blocked&text=new+updated'`)
	b.assertQuiet(t)

	again := open(ctx, t, everyOutcome(), "outcome=failed&outcome=blocked&text=new+updated")
	eventually(t, again, `document.querySelector('output').textContent == '2 of 9 facts'`)
	assert.Equal(t, []string{"comments.update.ok", "comments.update.ok.effect"}, eval[[]string](t, again, shownFacts))
	again.click(t, `button[type=reset]`)
	eventually(t, again, `location.hash == '#facts' && document.querySelector('output').textContent == '9 of 9 facts'`)
	eval[any](t, again, `{ location.hash = '#outcome=none&endpoint=nowhere&text='; null }`) // somebody's own
	eventually(t, again, `document.querySelector('output').textContent == '9 of 9 facts'`)
	again.assertQuiet(t)
}

// browserTakesKeys: what failed is gone through without a mouse.
func browserTakesKeys(ctx context.Context, t *testing.T) {
	b := open(ctx, t, everyOutcome(), "")
	at := func(id string) string {
		return `(f => f.open && f.contains(document.activeElement))(document.getElementById('` + id + `'))`
	}
	press := func(key string) { b.do(t, chromedp.KeyEvent(key)) }
	press("j")
	eventually(t, b, at("comments.update.ok"))
	press("j")
	eventually(t, b, at("assets.get.ok")) // which has no result
	press("j")
	eventually(t, b, at("comments.update.ok"))
	press("k")
	eventually(t, b, at("assets.get.ok"))
	const slash = `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: '/', bubbles: true, cancelable: true}))`
	assert.False(t, eval[bool](t, b, slash), "it is not typed")
	eventually(t, b, `document.activeElement.id == 'text'`)
	press("j")
	eventually(t, b, `document.querySelector('#text').value == 'j'`) // it is typed there
	b.assertQuiet(t)
}
