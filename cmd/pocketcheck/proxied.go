package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/spf13/cobra"
)

// sightings are the exchanges that a proxy or a HAR has shown.
type sightings struct {
	*proxyFlags
	target  string // as it is told
	journal *traffic.Journal
	callers traffic.Callers

	mu      sync.Mutex
	w       io.Writer   // for the lines
	log     *requestLog // prints them while a proxy listens, which waits for nobody
	reached bool        // the target answered, once
	failure string      // why it did not, the last time
}

func newSightings(w io.Writer, f *proxyFlags) *sightings {
	s := &sightings{proxyFlags: f, target: plain.Line(f.known.hide(f.about())), journal: traffic.NewJournal(&traffic.Judge{}), w: w}
	if slices.ContainsFunc(f.reports, func(spec string) bool { return strings.HasSuffix(spec, "=-") }) || f.harOut == "-" {
		s.w = io.Discard // it is for a program
	}
	return s
}

// about is what the verdicts are about.
func (f *proxyFlags) about() string {
	if f.target == "" {
		return "what " + called(f.har) + " recorded"
	}
	return f.target
}

func (s *sightings) print(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.w, format, args...)
}

// add takes in an exchange, and tells of it.
func (s *sightings) add(x *traffic.Exchange) {
	if x.Caller == "" {
		x.Caller = s.callers.Of(x.Header)
	}
	if len(s.connection.headers) > 0 {
		s.scrub(x)
	}
	s.journal.Hide(x.Header.Get(traffic.KeyHeader)) // others may send it in a wrong place
	e := s.journal.Add(x)
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.Failure == "" {
		s.reached = true
	} else {
		s.failure = x.Failure
	}
	switch {
	case s.quiet:
	case s.log != nil:
		s.log.add(e)
	default:
		_, _ = io.WriteString(s.w, line(e)) // who reads no more is not told
	}
}

// scrub takes out of an exchange what --header gave the target, which may say it again.
func (s *sightings) scrub(x *traffic.Exchange) {
	x.Target, x.Failure = s.known.hide(x.Target), s.known.hide(x.Failure)
	x.Body, x.Answer = []byte(s.known.hide(string(x.Body))), []byte(s.known.hide(string(x.Answer)))
	for _, values := range x.AnswerHead {
		for i := range values {
			values[i] = s.known.hide(values[i])
		}
	}
}

// line tells of an exchange, with a further line for each thing that is wrong.
func line(e traffic.Entry) string {
	shown := traffic.Show(e)[0]
	var b strings.Builder
	fmt.Fprintln(&b, traffic.Line{Method: shown.Method, Path: shown.Path, Status: shown.Answer.Status, Millis: shown.Millis})
	if shown.Answer.Failure != "" {
		fmt.Fprintf(&b, "  %s\n", plain.Line(shown.Answer.Failure))
	}
	for _, side := range []struct {
		name  string
		wrong []traffic.ShownText
	}{{clientSide, shown.Wrong}, {serverSide, shown.Answered}} {
		for _, f := range side.wrong {
			fmt.Fprintf(&b, "  %s: %s: %s\n", side.name, f.Fact, plain.Line(f.Text))
		}
	}
	return b.String()
}

// read takes in what a HAR has of a target, or of any where there is none.
func (s *sightings) read(cmd *cobra.Command, path string, t pocketcheck.Target) error {
	var base *url.URL
	if t.URL != "" {
		at, err := url.Parse(t.URL)
		if err != nil {
			return err // it was checked
		}
		base = at
	}
	file, err := openInput(cmd, "open --har", path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	all, skipped, err := traffic.ReadHAR(file, base)
	if err != nil {
		return fmt.Errorf("--har %s: %w", called(path), err)
	}
	for _, x := range all {
		x.Failure = "" // who recorded it reached something
		s.add(x)
	}
	s.print("%d recorded requests are to the API, %d to something else\n", len(all), skipped)
	return nil
}

// end tells the verdicts, writes what is asked for, and gives the exit code.
func (s *sightings) end(cmd *cobra.Command, files map[string]*reports[*report.Report]) error {
	verdicts := map[string]*report.Report{clientSide: s.journal.Client("", "clients of "+s.target), serverSide: s.journal.Server(s.target)}
	var problems []error
	isWrong, isSeen := false, false
	for _, side := range s.judged {
		r := verdicts[side]
		isSeen = isSeen || r.Watched.Requests > 0
		isWrong = isWrong || r.Watched.Wrong > 0
		w := files[side].text(cmd.ErrOrStderr())
		if s.w == io.Discard {
			w = cmd.ErrOrStderr()
		}
		_, err := fmt.Fprintf(w, "\nThe %s:\n", side)
		options := report.TextOptions{Colour: isColoured(w), Failures: 5, Written: files[side].paths()}
		problems = append(problems, err, r.WriteText(w, options), files[side].write(r))
	}
	if err := errors.Join(append(problems, s.writeHAR(cmd.OutOrStdout()))...); err != nil {
		return exitError{exitInconclusive, err}
	}
	switch {
	case isWrong:
		return exitError{exitNonConform, nil}
	case !isSeen:
		return exitError{exitInconclusive, errors.New("no request to the API came")}
	case !s.reached:
		return exitError{exitInconclusive, errors.New("the target was never reached: " + s.known.hide(s.failure))}
	}
	return nil
}

func (s *sightings) writeHAR(stdout io.Writer) error {
	if s.harOut == "" {
		return nil
	}
	entries := s.journal.Entries(traffic.Filter{})
	if s.harOut == "-" {
		return traffic.WriteHAR(stdout, entries)
	}
	var whole bytes.Buffer
	err := traffic.WriteHAR(&whole, entries)
	if err == nil {
		err = replace(s.harOut, whole.Bytes())
	}
	if err != nil {
		return fmt.Errorf("write --har-out %s: %w", s.harOut, err)
	}
	return nil
}
