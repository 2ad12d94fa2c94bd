package report

import (
	"testing"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/stretchr/testify/assert"
)

// The endpoints of a small table: things are made, read and changed.
const (
	create = "POST /things"
	read   = "GET /things/:id"
	list   = "GET /things"
	change = "PUT /things/:id"
)

var things = []fixtures.Fact{
	{ID: "things.create.ok", Endpoint: create, Status: 200},
	{ID: "things.create.kept", Endpoint: create, RestsOn: []string{"things.get.ok", "things.create.ok"}},
	{ID: "things.create.texts", Endpoint: create, RestsOn: []string{"things.create.kept", "things.create.ok"}},
	{ID: "things.get.ok", Endpoint: read, Status: 200, RestsOn: []string{"things.create.kept"}},
	{ID: "things.get.unknown", Endpoint: read, Status: 404},
	{ID: "things.list.ok", Endpoint: list, Status: 200, RestsOn: []string{"things.create.kept"}},
	{ID: "things.update.ok", Endpoint: change, Status: 200},
	{ID: "things.update.read", Endpoint: change, RestsOn: []string{"things.get.ok", "things.update.ok"}},
	{ID: "things.update.refused", Endpoint: change, Status: 403},
}

// failed is a scenario of a fact that an answer of an endpoint failed by its status.
func failed(fact, endpoint string, status int) Scenario {
	return Scenario{ID: fact, Facts: []string{fact}, Outcome: Failed, Failure: &Failure{Endpoint: endpoint, Status: status}, Reason: "wrong"}
}

// misread is one that it failed by what it says.
func misread(fact, endpoint string) Scenario {
	s := failed(fact, endpoint, 200)
	s.Failure.Path = "$.thing.text"
	return s
}

// given is one whose Given relies on a fact.
func given(fact, by string, status int) Scenario {
	return Scenario{ID: fact, Facts: []string{fact}, Outcome: Blocked, By: by, Failure: &Failure{Status: status}}
}

// TestCausesOfFailures: which fact is to blame for which, and which fails itself.
func TestCausesOfFailures(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		scenarios []Scenario
		want      map[string]string // the cause by fact; "" where it fails itself
	}{
		{"one alone", []Scenario{failed("things.get.ok", read, 500)}, map[string]string{"things.get.ok": ""}},
		{"read through what is broken", []Scenario{failed("things.get.ok", read, 500), failed("things.update.read", read, 500)},
			map[string]string{"things.get.ok": "", "things.update.read": "things.get.ok"}},
		{"its own request is broken", []Scenario{failed("things.update.ok", change, 500), failed("things.update.read", change, 500)},
			map[string]string{"things.update.ok": "", "things.update.read": "things.update.ok"}},
		{"a wrong answer by a wrong answer", []Scenario{misread("things.update.ok", change), misread("things.update.read", read)},
			map[string]string{"things.update.ok": "", "things.update.read": "things.update.ok"}},
		{"no wrong status by a text", []Scenario{misread("things.get.ok", read), failed("things.update.read", read, 500)},
			map[string]string{"things.get.ok": "", "things.update.read": ""}},
		{"no wrong status by another", []Scenario{failed("things.update.ok", change, 201), failed("things.update.read", change, 500)},
			map[string]string{"things.update.ok": "", "things.update.read": ""}},
		{"no wrong answer by a status", []Scenario{failed("things.get.ok", read, 201), misread("things.update.read", read)},
			map[string]string{"things.get.ok": "", "things.update.read": ""}},
		{"not through what is broken", []Scenario{failed("things.get.ok", read, 500), failed("things.update.read", change, 500)},
			map[string]string{"things.get.ok": "", "things.update.read": ""}},
		{"not on what it rests on", []Scenario{failed("things.get.unknown", read, 500), failed("things.update.read", read, 500)},
			map[string]string{"things.get.unknown": "", "things.update.read": ""}},
		{"broken through another alone", []Scenario{failed("things.get.ok", list, 500), failed("things.update.read", read, 500)},
			map[string]string{"things.get.ok": "", "things.update.read": ""}},
		{"written wrong: all readers fail", []Scenario{misread("things.create.kept", read), misread("things.get.ok", read), misread("things.list.ok", list)},
			map[string]string{"things.create.kept": "", "things.get.ok": "things.create.kept", "things.list.ok": "things.create.kept"}},
		{"not kept: all readers miss it", []Scenario{failed("things.create.kept", read, 404), failed("things.get.ok", read, 404), misread("things.list.ok", list)},
			map[string]string{"things.create.kept": "", "things.get.ok": "things.create.kept", "things.list.ok": "things.create.kept"}},
		{"not kept: what the answer says is another matter",
			[]Scenario{failed("things.create.kept", read, 404), failed("things.get.ok", read, 404), misread("things.list.ok", list), misread("things.create.texts", create)},
			map[string]string{"things.create.kept": "", "things.get.ok": "things.create.kept", "things.list.ok": "things.create.kept", "things.create.texts": ""}},
		{"written wrong, and one reader refuses", []Scenario{misread("things.create.kept", read), misread("things.get.ok", read), failed("things.list.ok", list, 403)},
			map[string]string{"things.create.kept": "", "things.get.ok": "things.create.kept", "things.list.ok": ""}},
		{"read wrong: one reader fails", []Scenario{misread("things.create.kept", read), misread("things.get.ok", read)},
			map[string]string{"things.create.kept": "things.get.ok", "things.get.ok": ""}},
		{"a Given whose fact is broken", []Scenario{failed("things.create.ok", create, 500), given("things.get.ok", "things.create.ok", 500)},
			map[string]string{"things.create.ok": "", "things.get.ok": "things.create.ok"}},
		{"a Given whose endpoint is broken elsewhere", []Scenario{failed("things.update.refused", change, 500), given("things.get.ok", "things.update.ok", 500)},
			map[string]string{"things.update.refused": "", "things.get.ok": "things.update.refused"}},
		{"a Given that nothing else shows", []Scenario{given("things.get.ok", "things.create.ok", 400)},
			map[string]string{"things.create.ok": "", "things.get.ok": "things.create.ok"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := map[string]string{}
			for fact, scenarios := range attribute(things, tt.scenarios) {
				for _, s := range scenarios {
					got[fact] = s.By
					assert.Equal(t, s.By != "", s.Outcome == Blocked, fact)
				}
			}
			assert.Equal(t, tt.want, got)
		})
	}
}
