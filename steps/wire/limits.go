package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// What is read of an answer. A documented one has under 2 KiB and a hundred values, at
// most six deep.
const (
	bodyLimit   = 8 << 20
	headerLimit = 64 << 10
	valueLimit  = 100_000
	depthLimit  = 200
)

// tooMuch says which limit an answer goes beyond. It is no trouble: the same again would
// be as much.
type tooMuch string

func (t tooMuch) Error() string { return string(t) + "; the suite reads no more" }

func isTooMuch(err error) bool {
	_, is := errors.AsType[tooMuch](err)
	return is
}

var (
	errTooDeep = tooMuch(fmt.Sprintf("the answer has values more than %d deep in each other", depthLimit))
	errTooLong = tooMuch(fmt.Sprintf("the answer is longer than %d MiB", bodyLimit>>20))
	errTooMany = tooMuch(fmt.Sprintf("the answer has more than %d values", valueLimit))
	errShare   = tooMuch(fmt.Sprintf("the answers that one scenario needs are longer than %d MiB together", shareLimit>>20))
)

// ErrHeaders tells of an answer of which nothing is known, since its headers are too much
// to be read, those of informational answers before it included. The document says
// nothing of them, so that it breaks no fact.
var ErrHeaders error = tooMuch(fmt.Sprintf("the headers of the answer are longer than %d KiB", headerLimit>>10))

// named gives an error of net/http the name of the limit that it is about.
func named(err error) error {
	for _, text := range []string{"server response headers exceeded", "response header list larger than"} {
		if strings.Contains(err.Error(), text) {
			return ErrHeaders
		}
	}
	return err
}

// read reads a body up to the limits, and as far as there is room for it.
func read(ctx context.Context, body io.Reader, e *Exchange) ([]byte, error) {
	if e.Brief {
		return io.ReadAll(io.LimitReader(body, kept))
	}
	b := make([]byte, 0, 4<<10)
	for {
		n, err := body.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case len(b) > bodyLimit:
			return b[:bodyLimit], errTooLong
		case err == io.EOF:
			return b, e.take(ctx, b)
		case err != nil:
			return b, fmt.Errorf("the answer broke off: %w", err)
		}
		if len(b) < cap(b) {
			continue
		}
		if err := e.Share.reserve(ctx, len(b)); err != nil {
			return b, err
		}
		b = append(make([]byte, 0, min(2*len(b), bodyLimit+1)), b...)
	}
}

// take holds an answer that was read whole to the limits of what is in it.
func (e *Exchange) take(ctx context.Context, body []byte) error {
	values, depth := extent(body)
	switch {
	case depth > depthLimit:
		return errTooDeep
	case values > valueLimit:
		return errTooMany
	}
	return e.Share.take(ctx, e, len(body), values)
}

// extent tells of a text that may be JSON how many values it has, and how deep they lie
// in each other, without making anything of it.
func extent(text []byte) (values, depth int) {
	if text = bytes.TrimLeft(text, " \t\r\n"); len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return 0, 0
	}
	open := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			open++
			values++
			depth = max(depth, open)
		case '}', ']':
			open--
		case ',':
			values++
		}
	}
	return values, depth
}
