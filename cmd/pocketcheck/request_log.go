package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
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
const leftOutLine = "%d requests left out: more came than were written\n"

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

func requestLine(e traffic.Entry) string { return e.Line().String() + "\n" }

// requestJSON is the line for a program.
func requestJSON(e traffic.Entry) string {
	var indented, text bytes.Buffer
	_ = plain.JSON(&indented, e.Line()) // texts always encode
	_ = json.Compact(&text, indented.Bytes())
	return text.String() + "\n"
}
