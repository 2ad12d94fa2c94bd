package traffic

import (
	"time"
	"unicode/utf8"
)

// Shown is an [Entry] as a program or a page may have it: without secrets.
type Shown struct {
	Number   int64         `json:"number"`
	At       time.Time     `json:"at"`
	Millis   float64       `json:"took_ms"`
	Caller   string        `json:"caller"` // the name of a user; "no key" and "unknown key"
	Method   string        `json:"method"`
	Path     string        `json:"path"`           // with the query
	Endpoint string        `json:"endpoint"`       // as documented; "" where it is none
	Facts    []string      `json:"facts"`          // of the document that it is
	Wrong    []ShownText   `json:"wrong"`          // what the document finds wrong with the request
	Answered []ShownText   `json:"wrong_answer"`   // with the answer
	Rule     string        `json:"rule,omitempty"` // that made the answer
	Request  ShownMessage  `json:"request"`
	Answer   ShownResponse `json:"answer"`
}

// ShownText is a finding, with its fact.
type ShownText struct {
	Fact string `json:"fact"`
	Text string `json:"text"`
}

// ShownMessage is what one side sent.
type ShownMessage struct {
	Header map[string]string `json:"headers"`
	Body   string            `json:"body"`
	IsCut  bool              `json:"truncated,omitempty"` // the body is but a beginning
}

// ShownResponse is an answer.
type ShownResponse struct {
	Status int `json:"status"` // 0 where there was none
	ShownMessage
	Failure string `json:"failure,omitempty"` // why there is none, or no whole one
}

// Show gives an entry without secrets: its own, and those of further exchanges.
func (e Entry) Show(others ...Exchange) Shown {
	return e.shown(hiding(append(others, e.Exchange)...))
}

func (e Entry) shown(hide func(string) string) Shown {
	s := Shown{
		Number: e.Number, At: e.At.UTC(), Millis: float64(e.Took.Microseconds()) / 1000, Caller: e.Caller,
		Method: hide(e.Method), Path: hide(e.Target), Endpoint: e.Endpoint, Facts: e.Facts, Rule: e.Rule,
		Wrong: texts(hiddenAll(e.ByClient, hide)), Answered: texts(hiddenAll(e.ByServer, hide)),
		Request: ShownMessage{e.shownHeader(e.Header, hide), hide(readable(e.Body)), e.IsCut},
	}
	s.Answer = ShownResponse{e.Status, ShownMessage{e.shownHeader(e.AnswerHead, hide), hide(readable(e.Answer)), e.AnswerIsCut}, hide(e.Failure)}
	if s.Facts == nil {
		s.Facts = []string{}
	}
	return s
}

func texts(all []Finding) []ShownText {
	shown := []ShownText{}
	for _, f := range all {
		shown = append(shown, ShownText{f.Fact, f.String()})
	}
	return shown
}

// readable is a body as text.
func readable(body []byte) string {
	if !utf8.Valid(body) {
		return "(not text)"
	}
	return string(body)
}
