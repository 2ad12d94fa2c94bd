//go:build unix

package performance

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/tidwall/gjson"
)

// sent is a request of a run, with what was answered. Ids of assets that answers before
// gave are split from the rest of it.
type sent struct {
	Method     string
	Path, Body []piece
	Header     http.Header
	Status     int
	Answer     string // the paths of the members that a JSON answer has, each on a line
	Gives      bool   // the answer gives the next id
}

// piece is a text, or the id that is the nth of those that answers gave.
type piece struct {
	Text string
	ID   int // from 1
}

// split takes the ids out of a text.
func split(text string, ids []string) []piece {
	for i := len(ids) - 1; i >= 0; i-- { // of assets, the last is the likeliest
		if before, after, found := strings.Cut(text, ids[i]); found {
			return append(append(split(before, ids), piece{ID: i + 1}), split(after, ids)...)
		}
	}
	if text == "" {
		return nil
	}
	return []piece{{Text: text}}
}

func join(pieces []piece, ids []string) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.ID > 0 {
			b.WriteString(ids[p.ID-1])
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// membersOf gives the paths of the members of an answer, and of the object in it.
func membersOf(answer []byte) string {
	var b strings.Builder
	gjson.ParseBytes(answer).ForEach(func(name, value gjson.Result) bool {
		path := "$." + name.String()
		b.WriteString(path + "\n")
		if value.IsObject() {
			value.ForEach(func(name, _ gjson.Result) bool {
				b.WriteString(path + "." + name.String() + "\n")
				return true
			})
		}
		return true
	})
	return b.String()
}

// loop sends the requests of a file to a target, one after the other, and compares
// status and members of each answer: the least that a suite can do.
func loop(file, target string, send func(s sent, target string, ids []string) (int, []byte, error)) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var all []sent
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	var ids []string
	for n, s := range all {
		status, answer, err := send(s, target, ids)
		if err != nil {
			return err
		}
		if s.Gives {
			ids = append(ids, gjson.GetBytes(answer, "asset.id").String())
		}
		if members := membersOf(answer); status != s.Status || members != s.Answer {
			return fmt.Errorf("request %d, %s: %d with %q, want %d with %q", n, s.Method, status, members, s.Status, s.Answer)
		}
	}
	return nil
}

func (s sent) send(target string, ids []string) (status int, answer []byte, err error) {
	r, err := http.NewRequest(s.Method, target+join(s.Path, ids), strings.NewReader(join(s.Body, ids)))
	if err != nil {
		return 0, nil, err
	}
	r.Header = s.Header
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = got.Body.Close() }() // what was read is all that is needed
	answer, err = io.ReadAll(got.Body)
	return got.StatusCode, answer, err
}
