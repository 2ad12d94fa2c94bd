package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// byteOrderMark is what editors of Windows put before a text, and no part of it.
const byteOrderMark = "\ufeff"

// standardInput is what a command reads where a file is called -. There is one
// text in it: who asks second would get nothing.
type standardInput struct {
	io.Reader
	taken string // to do what
}

// openInput opens the file that a flag or an argument names, to do something with
// it; - is standard input.
func openInput(cmd *cobra.Command, to, path string) (io.ReadCloser, error) {
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", to, err)
		}
		return file, nil
	}
	in, ok := cmd.InOrStdin().(*standardInput)
	if !ok {
		return io.NopCloser(cmd.InOrStdin()), nil
	}
	if in.taken != "" {
		return nil, fmt.Errorf("%s: standard input is there to %s already; only one file can be -", to, in.taken)
	}
	in.taken = to
	return io.NopCloser(in), nil
}

// readText reads the file that a flag or an argument names.
func readText(cmd *cobra.Command, to, path string) ([]byte, error) {
	file, err := openInput(cmd, to, path)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", to, err)
	}
	return bytes.TrimPrefix(text, []byte(byteOrderMark)), nil
}

// called is what a message calls a file.
func called(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}

// trimmed takes the blanks around the elements of a list away, as people write
// them after a comma.
func trimmed(list []string) []string {
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}
