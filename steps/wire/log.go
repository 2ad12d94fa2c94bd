package wire

import (
	"bytes"
	"io"
	"log"
	"sync"
)

// unsolicited begins what net/http logs of bytes that come behind an answer, with these
// bytes: the transport has no logger of its own, and what a target sends may have the key.
const unsolicited = "Unsolicited response received on idle HTTP channel"

// quiet keeps that from the standard logger.
type quiet struct{ io.Writer }

func (q quiet) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte(unsolicited)) {
		return len(line), nil
	}
	return q.Writer.Write(line)
}

var quieting sync.Mutex

// quieten changes nothing else of the standard logger, wherever it writes.
func quieten() {
	quieting.Lock()
	defer quieting.Unlock()
	if _, is := log.Writer().(quiet); !is {
		log.SetOutput(quiet{log.Writer()})
	}
}
