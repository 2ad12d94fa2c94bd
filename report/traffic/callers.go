package traffic

import (
	"crypto/sha256"
	"net/http"
	"strconv"
	"sync"
)

// Callers names who sends requests by their keys, without them: "key 1" is the first that
// was seen. It is safe for concurrent use.
type Callers struct {
	mu    sync.Mutex
	names map[[sha256.Size]byte]string
}

// NoKey is who sends none.
const NoKey = "no key"

// Of gives the name of who sent a header.
func (c *Callers) Of(head http.Header) string {
	key := firstOf(head, KeyHeader)
	if key == "" {
		return NoKey
	}
	of := sha256.Sum256([]byte(key))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.names[of] == "" {
		if len(c.names) >= mostCallers {
			return others
		}
		if c.names == nil {
			c.names = map[[sha256.Size]byte]string{}
		}
		c.names[of] = "key " + strconv.Itoa(len(c.names)+1)
	}
	return c.names[of]
}
