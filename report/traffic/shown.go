package traffic

import "time"

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

// Show gives entries without secrets: their own, and those that their journal knows of.
func Show(entries ...Entry) []Shown {
	all := make([]Shown, len(entries))
	for i, e := range entries {
		all[i] = e.shown(e.hidden.besides(e.Exchange))
	}
	return all
}

func (e Entry) shown(hide *hider) Shown {
	s := Shown{
		Number: e.Number, At: e.At.UTC(), Millis: millis(e.Took), Caller: e.Caller,
		Method: hide.text(e.Method), Path: hide.text(e.Target), Endpoint: e.Endpoint, Facts: e.Facts, Rule: e.Rule,
		Wrong: texts(hiddenAll(e.ByClient, hide)), Answered: texts(hiddenAll(e.ByServer, hide)),
		Request: ShownMessage{e.shownHeader(e.Header, hide), hide.body(e.Body, e.IsCut), e.IsCut},
	}
	s.Answer = ShownResponse{e.Status, ShownMessage{e.shownHeader(e.AnswerHead, hide), hide.body(e.Answer, e.AnswerIsCut), e.AnswerIsCut}, hide.text(e.Failure)}
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
