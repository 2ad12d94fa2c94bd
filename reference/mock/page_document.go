package mock

import (
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// documented is an endpoint as the page offers it.
type documented struct {
	Endpoint string              `json:"endpoint"`
	Name     string              `json:"name"` // with which the ids of its facts begin
	Method   string              `json:"method"`
	Title    string              `json:"title"`
	Examples []documentedRequest `json:"examples"`
	Answers  []documentedAnswer  `json:"answers"`
}

// documentedRequest is a recorded request. Path has {asset_id}, and the like, where it
// names what was there when it was recorded; Recorded has what it was.
type documentedRequest struct {
	Fact     string            `json:"fact"`
	Title    string            `json:"title"`
	Path     string            `json:"path"`
	Recorded map[string]string `json:"recorded"`
	Body     string            `json:"body"`
	Status   int               `json:"status"`
}

type documentedAnswer struct {
	Fact   string `json:"fact"`
	Status int    `json:"status"`
}

// getDocument gives what a client may send, with the document's examples.
func getDocument(*http.Request) (any, error) {
	return struct {
		Endpoints []documented `json:"endpoints"`
	}{document()}, nil
}

var document = sync.OnceValue(func() (all []documented) {
	contract, err := fixtures.ParseContract(fixtures.Document())
	if err != nil {
		panic(err) // the document is embedded: it is the build that is broken
	}
	for _, e := range contract.Endpoints {
		all = append(all, documentedOf(e))
	}
	return all
})

func documentedOf(e fixtures.Endpoint) documented {
	d := documented{Endpoint: e.Method + " " + e.Path, Method: e.Method, Title: e.Title, Examples: []documentedRequest{}}
	for i, answer := range traffic.DocumentedAnswers(d.Endpoint) {
		d.Name = fixtures.FactOf(answer.Fact).Operation()
		d.Answers = append(d.Answers, documentedAnswer{answer.Fact, answer.Status})
		if i < len(e.Examples) { // which come first
			x := e.Examples[i]
			path, recorded := template(e.Path, x)
			d.Examples = append(d.Examples, documentedRequest{answer.Fact, x.Title, path, recorded, x.RequestBody, x.Status})
		}
	}
	return d
}

// isNothing is what the document has in a path for what is not there.
var isNothing = regexp.MustCompile(`^(not.found.id|-1|test)$`)

// template is the path of a request to an endpoint in which other values can be put.
func template(endpoint string, x fixtures.Example) (path string, recorded map[string]string) {
	path, query, _ := strings.Cut(x.Path, "?")
	recorded = map[string]string{}
	segments, names := strings.Split(path, "/"), strings.Split(endpoint, "/")
	for i, value := range segments {
		name, isValue := strings.CutPrefix(names[i], ":")
		if isValue && !isNothing.MatchString(value) && name != "cursor" {
			recorded[name], segments[i] = value, "{"+name+"}"
		}
	}
	path = strings.Join(segments, "/")
	if query != "" {
		path += "?" + query
	}
	return path, recorded
}
