package main

import (
	"fmt"
	"io"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

// outlet is the one way to standard error, for errors, warnings and whatever a dependency
// logs: no key goes through, and nothing that would steer a terminal. Standard output gets
// what package report and plain have seen to.
type outlet struct {
	to    io.Writer
	known *keyring
}

func (o outlet) Write(text []byte) (int, error) {
	if _, err := io.WriteString(o.to, plain.Text(o.known.hide(string(text)))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// through gives what is behind an outlet, for who cleans its texts by itself and steers the
// terminal.
func through(w io.Writer) io.Writer {
	if o, ok := w.(outlet); ok {
		return o.to
	}
	return w
}

// survive tells of a fault of the command itself, in a line.
func (o outlet) survive(code *int) {
	if fault := recover(); fault != nil {
		fmt.Fprintln(o, "pocketcheck:", oneLine(faultOf(fault).Error()))
		*code = exitInconclusive
	}
}

func faultOf(cause any) error {
	return exitError{exitInconclusive, fmt.Errorf("a fault of pocketcheck, please report it: %v", cause)}
}

// caught is for a goroutine of its own, which nobody survives: f's panic becomes its error.
func caught(f func() error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = faultOf(fault)
		}
	}()
	return f()
}
