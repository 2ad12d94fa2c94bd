package mock_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
)

// works has a page of the control listener work levers, those with no switch of their own
// among them, and gives what each answers.
const works = `(async () => {
	const said = {};
	const lever = async (method, path, body) => {
		const answer = await fetch(path, {method, headers: {'Content-Type': 'application/json'}, body: body && JSON.stringify(body)});
		said[method + ' ' + path.split('?')[0]] = answer.status;
		return (await answer.text()).replace(/^[^{]*$/, '{}');
	};
	const caller = JSON.parse(await lever('POST', '/keys', {user: 'page@example.com'}));
	const rows = JSON.parse(await lever('GET', '/snapshot'));
	await lever('POST', '/seed', {assets: [{id: 'more', owner: caller.user, title: 'More'}]});
	await lever('POST', '/states', {state: 'a media file on the asset', params: {asset_id: 'more'}});
	const rule = JSON.parse(await lever('POST', '/rules', {api_key: caller.api_key, fact: 'assets.get.not-found', times: 1}));
	await lever('GET', '/rules');
	await lever('DELETE', '/rules/' + rule.id);
	await lever('DELETE', '/rules?user=page@example.com');
	const faults = JSON.parse(await lever('GET', '/faults')).faults;
	await lever('PUT', '/faults', {on: [faults[0].name]});
	await lever('GET', '/clock');
	await lever('PUT', '/clock', {now: '2030-01-31T12:00:00Z'});
	await lever('POST', '/clock/advance', {days: 1});
	await lever('GET', '/journal?wrong=true&format=har');
	await lever('GET', '/client?need=assets.get.ok');
	await lever('DELETE', '/journal');
	await lever('PUT', '/snapshot', rows);
	await lever('POST', '/reset', {user: caller.user});
	await lever('POST', '/reset');
	await lever('GET', '/keys');
	return said;
})()`

// pageWorksEveryLever: what a page of the mock's own origin may ask, by the browser's rules
// and the listener's.
func pageWorksEveryLever(ctx context.Context, t *testing.T) {
	b := open(ctx, t, nil)
	b.eventually(`document.querySelector('#now').textContent.endsWith('UTC')`)
	said := eval[map[string]int](b, works)
	assert.Greater(t, len(said), 15)
	for lever, status := range said {
		assert.Equal(t, 200, status, lever)
	}
	assert.Equal(t, 200, b.status(adminKey, sample))
	assert.Equal(t, 404, b.status(adminKey, "more"))
}
