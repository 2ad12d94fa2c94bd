// Package pocketcheck proves whether a server conforms to the Media Pocket API
// v2. [Run] checks a URL or a handler and returns a [report.Report]; [Test] does so in
// a test, with a subtest for each fact of the document.
//
// A test of one's own handler is three lines:
//
//	func TestMediaPocket(t *testing.T) {
//		pocketcheck.Test(t, myserver.New())
//	}
//
// and go test -run 'TestMediaPocket/comments.update/^ok$' checks a single fact.
package pocketcheck
