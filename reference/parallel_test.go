package reference_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// together calls each n times at once, with the number of the call.
func together(n int, each func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			each(i)
		})
	}
	close(start)
	all.Wait()
}

// statuses is how often each came, by n requests at once.
func statuses(n int, request func(i int) answer) map[int]int {
	var mu sync.Mutex
	count := map[int]int{}
	together(n, func(i int) {
		a := request(i)
		mu.Lock()
		defer mu.Unlock()
		count[a.status]++
	})
	return count
}

func TestOneOfManyGetsAnExternalID(t *testing.T) {
	t.Parallel()
	s := serve(t)
	mine := `{"title":"x","external_id":"mine"}`
	assert.Equal(t, map[int]int{200: 1, 400: 99}, statuses(100, func(int) answer { return s.request("POST /api/v2/assets", mine) }))

	var paths []string
	for range 100 {
		paths = append(paths, s.asset(`{"title":"x"}`))
	}
	assert.Equal(t, map[int]int{200: 1, 400: 99}, statuses(100, func(i int) answer { return s.request("PUT "+paths[i], `{"external_id":"other"}`) }))
}

func TestNoUpdateIsLost(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(`{"title":"x"}`)
	updates := []string{`{"title":"new"}`, `{"description":"new"}`, `{"category":"new"}`, `{"tags":["new"]}`, `{"external_id":"new"}`}
	assert.Equal(t, map[int]int{200: 100}, statuses(100, func(i int) answer { return s.request("PUT "+path, updates[i%len(updates)]) }))
	a := s.request("GET "+path, "")
	for _, member := range []string{"title", "description", "category", "tags.0", "external_id"} {
		assert.Equal(t, "new", a.get("asset."+member), member)
	}
}

func TestOnlyOneOfManyDoesWhatCanBeDoneOnce(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(`{"title":"x"}`)
	s.request("POST "+path+"/trash_bin", "")
	assert.Equal(t, map[int]int{200: 1, 400: 49}, statuses(50, func(int) answer { return s.request("POST "+path+"/restore", "") }))
	comment := path + "/comments/" + s.request("POST "+path+"/comments", `{"comment":"x"}`).get("comment.id")
	assert.Equal(t, map[int]int{200: 1, 404: 49}, statuses(50, func(int) answer { return s.request("DELETE "+comment, "") }))
	key := s.state("an internal failure", nil)["api_key"]
	assert.Equal(t, map[int]int{500: 1, 401: 49}, statuses(50, func(int) answer { return s.requestBy(key, "GET "+path, "") }))
	assert.Equal(t, map[int]int{200: 1, 404: 49}, statuses(50, func(int) answer { return s.request("DELETE "+path, "") }))
}

// Whatever meets on one asset, nothing fails, and what is answered was asked.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	s := serve(t)
	path := s.asset(`{"title":"x"}`)
	count := statuses(200, func(i int) answer {
		switch i % 8 {
		case 0:
			return s.request("POST "+path+"/media", `{"file_url":"http://x/y","filename":"y"}`)
		case 1:
			return s.request("DELETE "+path+"/media", "")
		case 2:
			return s.request("POST "+path+"/comments", `{"comment":"x"}`)
		case 3:
			return s.request("GET "+path+"/history/0", "")
		case 4:
			return s.request("POST "+path+"/dag_actions/1", "")
		case 5:
			return s.request("POST "+path+"/trash_bin", "")
		case 6:
			return answer{status: map[bool]int{true: 200, false: 500}[len(s.state("a collection with the asset", map[string]string{"asset_id": id(path)})) == 1]}
		default:
			return s.request("GET "+path+"/comments", "")
		}
	})
	assert.Equal(t, map[int]int{200: 200}, count)
	assert.Equal(t, "25", s.request("GET "+path+"/comments", "").raw("comments.#"))
}

// writes is every endpoint that takes a body.
func writes(path, comment string) []string {
	return []string{
		"POST /api/v2/assets", "PUT " + path, "POST " + path + "/comments", "POST " + path + "/comments/" + comment,
		"POST " + path + "/media", "POST " + path + "/assign", "POST " + path + "/trash_bin", "POST " + path + "/restore",
		"POST " + path + "/dag_actions/1", "DELETE " + path + "/unassign", "DELETE " + path + "/media",
	}
}

// judge sends body to every write endpoint. An answer is as the document has it, and
// never 5xx.
func judge(t *testing.T, s *service, requests []string, body string) {
	t.Helper()
	for _, request := range requests {
		documented(t, s.request(request, body), request+" "+body)
	}
}

// TestAnyJSONBody sends random objects made of the parameters' names.
func TestAnyJSONBody(t *testing.T) {
	t.Parallel()
	const seed = 20231127
	random := rand.New(rand.NewPCG(seed, seed))
	s := serve(t)
	path := s.asset(`{"title":"x"}`)
	requests := writes(path, s.request("POST "+path+"/comments", `{"comment":"x"}`).get("comment.id"))
	for range 300 {
		var members []string
		for _, name := range []string{"title", "description", "category", "tags", "media_type", "external_id", "comment", "file_url", "filename", "to_project_id"} {
			if random.IntN(3) > 0 {
				members = append(members, fmt.Sprintf("%q:%s", name, anyJSON(random, 3)))
			}
		}
		judge(t, s, requests, "{"+strings.Join(members, ",")+"}")
	}
	require.Empty(t, s.log.String())
}

func anyJSON(random *rand.Rand, depth int) string {
	literals := []string{
		`null`, `true`, `0`, `-1.5e300`, `123456789012345678901234567890`, `""`, `"x"`, `"http://x/y"`, `"article"`, `"\u0000"`, `"\ud800"`,
		`"é\n#{}"`, `"😀"`, "\"\xff\"", `"` + strings.Repeat("y", 300) + `"`, `[]`, `["A","b"]`, `[null]`, `{}`,
	}
	if depth == 0 || random.IntN(3) > 0 {
		return literals[random.IntN(len(literals))]
	}
	if random.IntN(2) == 0 {
		return fmt.Sprintf(`[%s,%s]`, anyJSON(random, depth-1), anyJSON(random, depth-1))
	}
	return fmt.Sprintf(`{"a":%s,"":%s}`, anyJSON(random, depth-1), anyJSON(random, depth-1))
}
