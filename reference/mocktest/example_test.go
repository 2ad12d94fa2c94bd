package mocktest_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/reference/mocktest"
)

// test stands for the *testing.T of a test, which an example has not.
type test struct {
	testing.TB
	cleanup []func()
}

func (*test) Helper()                           {}
func (*test) Context() context.Context          { return context.Background() }
func (t *test) Cleanup(f func())                { t.cleanup = append(t.cleanup, f) }
func (*test) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

func (t *test) end() {
	for i := range t.cleanup {
		t.cleanup[len(t.cleanup)-1-i]()
	}
}

// upload is a client to be tested. It forgets to say what it sends.
func upload(ctx context.Context, url, key, title string) (string, error) {
	body := strings.NewReader(fmt.Sprintf(`{"title": %q}`, title))
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api/v2/assets", body)
	if err != nil {
		return "", err
	}
	request.Header.Set("X-API-KEY", key)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	return answer.Status, answer.Body.Close()
}

func Example() {
	t := &test{} // t *testing.T, in a test
	defer t.end()

	mock := mocktest.New(t)
	mock.Rule(t, control.Rule{Endpoint: "POST *", Status: 429, RetryAfter: 1, Times: 1})
	for range 2 {
		status, err := upload(t.Context(), mock.URL, mock.Key, "Sunrise")
		fmt.Println(status, err)
	}
	mock.Journal(t).Met("assets.create.ok")
	mock.Journal(t).NoViolations()
	// Output:
	// 429 Too Many Requests <nil>
	// 200 OK <nil>
	// POST /api/v2/assets breaks the document: the header Content-Type is missing, want application/json (assets.create.hdr-content-type)
	// POST /api/v2/assets breaks the document: the header Content-Type is missing, want application/json (assets.create.hdr-content-type)
}
