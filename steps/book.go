package steps

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrLedger is what a ledger is that can't be used: it is none, or another target's.
var ErrLedger = errors.New("the ledger is of no use")

// book is a ledger as it was read.
type book struct {
	assets  map[string]*kept // by id
	open    []time.Time      // when what had no answer was sent
	torn    int              // lines that break off
	targets []string
}

// kept is an asset of a ledger.
type kept struct {
	by               string
	removed, trashed bool
}

// readBook reads a ledger. A line that a killed run did not write to its end says
// nothing.
func readBook(r io.Reader) (*book, error) {
	b := &book{assets: map[string]*kept{}}
	asked := map[string]time.Time{}
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return nil, err
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			var e entry
			bad := json.Unmarshal(line, &e) != nil || e.Event == ""
			switch {
			case len(b.targets) == 0 && (bad || e.Event != eventRun):
				return nil, fmt.Errorf("%w: it is not what a run writes", ErrLedger)
			case bad:
				b.torn++
			default:
				b.take(e, asked)
			}
		}
		if err == io.EOF {
			break
		}
	}
	for _, at := range asked {
		b.open = append(b.open, at)
	}
	return b, nil
}

func (b *book) take(e entry, asked map[string]time.Time) {
	number := fmt.Sprintf("%s %d", e.Run, e.Request)
	switch e.Event {
	case eventRun:
		b.targets = append(b.targets, e.Target)
	case eventAsks:
		if e.Asset == "" { // a comment goes with its asset
			asked[number] = e.At
		}
	case eventRefused:
		delete(asked, number)
	case eventMade:
		delete(asked, number)
		if e.Comment == "" {
			b.assets[e.Asset] = &kept{by: e.By}
		}
	case eventTrashed, eventRemoved:
		if k := b.assets[e.Asset]; k != nil && e.Comment == "" {
			k.trashed, k.removed = k.trashed || e.Event == eventTrashed, e.Event == eventRemoved
		}
	}
}
