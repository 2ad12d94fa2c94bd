package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/pocketcheck/pocketcheck/report"
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
// it; - is standard input. A text that no reader of it would understand is refused.
func openInput(cmd *cobra.Command, to, path string) (io.ReadCloser, error) {
	in, err := openFile(cmd, to, path)
	if err != nil {
		return nil, err
	}
	text := bufio.NewReader(in)
	if head, _ := text.Peek(2); isUTF16(head) { // who reads on meets the error
		return nil, errors.Join(fmt.Errorf("%s: %s is in UTF-16; save it in UTF-8", to, called(path)), in.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{text, in}, nil
}

// isUTF16 tells of the beginning of a text, as PowerShell writes it, with a byte order
// mark or without.
func isUTF16(head []byte) bool {
	return len(head) == 2 && (string(head) == "\xff\xfe" || string(head) == "\xfe\xff" || (head[0] == 0) != (head[1] == 0))
}

func openFile(cmd *cobra.Command, to, path string) (io.ReadCloser, error) {
	if path != "-" {
		file, err := os.Open(path) // #nosec G304 G703 -- whoever runs the command names it
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

// toldOf gives how many failures are told whole.
func toldOf(given string) (int, error) {
	if given == "all" {
		return report.AllFailures, nil
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("--failures %q: give a number, or all", given)
	}
	return n, nil
}
