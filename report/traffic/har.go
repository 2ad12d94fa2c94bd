package traffic

import (
	"errors"
	"io"
)

// WriteHAR writes entries as an HTTP archive.
func WriteHAR(io.Writer, []Entry) error { return errors.New("not yet") }
