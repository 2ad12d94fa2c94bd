package main

import (
	"errors"
	"io"
	"os"
	"sync/atomic"
	"syscall"
)

// patient writes until the reader goes, as head does once it has what it wants, and
// nothing from then on. That is no failure of what was asked: a command goes on to its
// clean-up and its files, and its exit code is what it would be.
type patient struct {
	file *os.File
	gone atomic.Bool
}

// whileRead gives where a command may write whoever reads it. A terminal stays one.
func whileRead(file *os.File) io.Writer {
	if isTerminal(file) {
		return file
	}
	return &patient{file: file}
}

func (p *patient) Write(text []byte) (int, error) {
	if p.gone.Load() {
		return len(text), nil
	}
	n, err := p.file.Write(text)
	if errors.Is(err, syscall.EPIPE) {
		p.gone.Store(true)
		return len(text), nil
	}
	return n, err
}
