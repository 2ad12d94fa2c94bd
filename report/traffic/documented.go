package traffic

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
)

// Documented is an answer that the document has of an endpoint.
type Documented struct {
	Fact   string // the example, the row of the table of errors, or the parameter
	Status int
	Body   string // as recorded, or as the recorded ones of its kind; "" of a 401
}

// DocumentedAnswers gives those of an endpoint, as documented: its examples first, then what its
// error rows and its parameters come to. It has none of what is no endpoint.
func DocumentedAnswers(endpoint string) (all []Documented) {
	i := slices.IndexFunc(operations(), func(o *operation) bool { return o.called == endpoint })
	if i < 0 {
		return nil
	}
	o := operations()[i]
	for _, x := range o.Examples {
		all = append(all, Documented{o.ids[x.Lines], x.Status, x.ResponseBody})
	}
	for _, row := range o.Errors {
		all = append(all, Documented{o.ids[row.Lines], row.Status, o.refusal(row)})
	}
	for _, p := range o.parameters {
		if p.inPath {
			continue
		}
		if p.Required {
			all = append(all, Documented{p.fact, http.StatusUnprocessableEntity, errorBody("Missing parameter " + p.Name)})
		}
		text := fmt.Sprintf("Invalid parameter '%s' value 123: %s", p.Name, p.Validation.Text)
		all = append(all, Documented{p.rule, http.StatusUnprocessableEntity, errorBody(text)})
	}
	return all
}

// refusal is the body of an error row: that of an example with its status, or its text.
func (o *operation) refusal(row fixtures.ErrorRow) string {
	if row.Status == http.StatusUnauthorized {
		return ""
	}
	for _, x := range o.Examples {
		if x.Status == row.Status {
			return x.ResponseBody
		}
	}
	if row.Status == http.StatusNotFound {
		return errorBody("asset not found")
	}
	return errorBody(row.Description)
}

func errorBody(text string) string {
	body, _ := json.Marshal(map[string]string{"error": text}) // a text always can be
	return string(body)
}

// DocumentedAnswer is the one of an endpoint that a fact's id names, or the first with a
// status where fact is "". The error says what was meant.
func DocumentedAnswer(endpoint, fact string, status int) (Documented, error) {
	all := DocumentedAnswers(endpoint)
	for _, d := range all {
		if fact == "" && d.Status == status {
			return d, nil
		}
		isIt := d.Fact == fact || d.Fact != "" && fixtures.FactOf(fact).SaysAgain == d.Fact
		if fact != "" && isIt && (status == 0 || status == d.Status) {
			return d, nil
		}
	}
	if fact == "" {
		return Documented{}, fmt.Errorf("the document has no %d of %s; %s", status, endpoint, statusesOf(all))
	}
	var known []string
	for _, d := range all {
		known = append(known, d.Fact)
	}
	return Documented{}, fmt.Errorf("%q is no answer of %s; %s", fact, endpoint, fixtures.Meant(fact, "there are "+strings.Join(known, ", "), known...))
}

func statusesOf(all []Documented) string {
	var known []string
	slices.SortStableFunc(all, func(a, b Documented) int { return cmp.Compare(a.Status, b.Status) })
	for _, d := range all {
		if text := fmt.Sprint(d.Status); !slices.Contains(known, text) {
			known = append(known, text)
		}
	}
	return "there are " + strings.Join(known, ", ")
}

// Endpoints gives the document's, as documented, in its order.
func Endpoints() (all []string) {
	for _, o := range operations() {
		all = append(all, o.called)
	}
	return all
}
