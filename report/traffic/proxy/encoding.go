package proxy

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// Watch watches as [traffic.Watch] does, and gives bodies without their content encodings.
func Watch(next http.Handler, seen func(*http.Request, *traffic.Exchange)) http.Handler {
	return traffic.Watch(next, func(r *http.Request, x *traffic.Exchange) {
		x.Body, x.IsCut = decoded(x.Body, x.IsCut, x.Header)
		x.Answer, x.AnswerIsCut = decoded(x.Answer, x.AnswerIsCut, x.AnswerHead)
		seen(r, x)
	})
}

// decoded gives the beginning of a body without its content encodings, the last of which is
// undone first. A body that can't be decoded is given as what is known of it: nothing, cut.
func decoded(kept []byte, isCut bool, head http.Header) ([]byte, bool) {
	codings := strings.FieldsFunc(strings.ToLower(strings.Join(head.Values("Content-Encoding"), ",")), isBetween)
	for len(codings) > 0 {
		coding := codings[len(codings)-1]
		codings = codings[:len(codings)-1]
		if coding == "identity" || len(kept) == 0 {
			continue
		}
		r, err := decoder(coding, bytes.NewReader(kept))
		if err != nil {
			return nil, true
		}
		plain, err := io.ReadAll(io.LimitReader(r, traffic.Kept+1))
		if isCut = isCut || err != nil || len(plain) > traffic.Kept; isCut {
			plain = plain[:min(len(plain), traffic.Kept)]
		}
		kept = plain
	}
	return kept, isCut
}

func isBetween(c rune) bool { return c == ',' || c == ' ' }

func decoder(coding string, r io.Reader) (io.Reader, error) {
	switch coding {
	case "gzip", "x-gzip":
		return gzip.NewReader(r)
	case "br":
		return brotli.NewReader(r), nil
	case "zstd":
		return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
	case "deflate":
		return deflated(bufio.NewReader(r))
	}
	return nil, http.ErrNotSupported
}

// deflated reads what some servers send without the head that RFC 9110 wants.
func deflated(r *bufio.Reader) (io.Reader, error) {
	if head, err := r.Peek(2); err == nil && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(r)
	}
	return flate.NewReader(r), nil
}
