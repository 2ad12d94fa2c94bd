package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// requestLog prints a line for each request. Who reads it slowly, or no more, holds no
// request up: lines are left out, and counted.
type requestLog struct {
	of      func(traffic.Entry) string // its line, or lines
	leftOut string                     // a line that has %d in it
	entries chan traffic.Entry
	lost    atomic.Int64
	stop    chan struct{} // closed when no more is to be printed than is there
	ended   chan struct{} // closed once that is
}

// mostUnread is how many lines wait for who reads them.
const mostUnread = 4096

// newRequestLog gives a log of lines; nil prints nothing.
func newRequestLog(w io.Writer, of func(traffic.Entry) string, leftOut string) *requestLog {
	l := &requestLog{of: of, leftOut: leftOut, entries: make(chan traffic.Entry, mostUnread), stop: make(chan struct{}), ended: make(chan struct{})}
	go l.print(bufio.NewWriterSize(w, 64<<10))
	return l
}

// leftOutLine tells a person of lines that are not there.
const leftOutLine = "%d requests left out: nobody read so fast\n"

// newServeLog is that of serve; nil where it is to be quiet.
func newServeLog(w io.Writer, format string, isQuiet bool) *requestLog {
	switch {
	case isQuiet:
		return nil
	case format == "json":
		return newRequestLog(w, requestJSON, "{\"left_out\":%d}\n")
	}
	return newRequestLog(w, requestLine, leftOutLine)
}

func (l *requestLog) add(e traffic.Entry) {
	if l == nil {
		return
	}
	select {
	case l.entries <- e:
	default:
		l.lost.Add(1)
	}
}

// end waits for what was added to be printed, as long as one reads it.
func (l *requestLog) end() {
	if l == nil {
		return
	}
	close(l.stop)
	select {
	case <-l.ended:
	case <-time.After(farewell):
	}
}

func (l *requestLog) print(w *bufio.Writer) {
	defer close(l.ended)
	for {
		select {
		case e := <-l.entries:
			l.printOne(w, e)
			if len(l.entries) > 0 {
				continue
			}
		case <-l.stop:
			for len(l.entries) > 0 {
				l.printOne(w, <-l.entries)
			}
			_ = w.Flush() // there is nobody to be told
			return
		}
		_ = w.Flush()
	}
}

func (l *requestLog) printOne(w *bufio.Writer, e traffic.Entry) {
	if n := l.lost.Swap(0); n > 0 {
		fmt.Fprintf(w, l.leftOut, n)
	}
	_, _ = w.WriteString(l.of(e)) // Flush would tell
}

// requestLine is an exchange on a line, for a person.
func requestLine(e traffic.Entry) string {
	path, wrong := e.Brief()
	status := fmt.Sprint(e.Status)
	if e.Status == 0 {
		status = "no answer"
	}
	line := fmt.Sprintf("%s %s %s %.1fms %s", e.Method, path, status, float64(e.Took.Microseconds())/1000, e.Caller)
	if e.Rule != "" {
		line += " by " + e.Rule
	}
	if len(wrong) > 0 {
		line += "  WRONG: " + strings.Join(wrong, "; ")
	}
	return plain.Line(line) + "\n"
}

// requestJSON is an exchange on a line, for a program.
func requestJSON(e traffic.Entry) string {
	path, wrong := e.Brief()
	line := struct {
		At     time.Time `json:"time"`
		Method string    `json:"method"`
		Path   string    `json:"path"`
		Status int       `json:"status"`
		Millis float64   `json:"took_ms"`
		Caller string    `json:"caller"`
		Rule   string    `json:"rule,omitempty"`
		Wrong  []string  `json:"wrong,omitempty"`
	}{e.At.UTC(), e.Method, path, e.Status, float64(e.Took.Microseconds()) / 1000, e.Caller, e.Rule, wrong}
	var indented, text bytes.Buffer
	_ = plain.JSON(&indented, line) // texts always encode
	_ = json.Compact(&text, indented.Bytes())
	return text.String() + "\n"
}
