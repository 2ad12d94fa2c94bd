package postgres

import (
	"slices"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

const (
	// keyFor is how long a key that another process deletes may go on to work here.
	keyFor = 2 * time.Second
	// keysKept is how many are remembered: a few MiB.
	keysKept = 10_000
)

// keys remembers whose the keys are that came lately, since each request has one. The
// zero value is ready.
type keys struct {
	mu     sync.Mutex
	known  map[reference.KeyHash]knownKey
	losses int // how often keys have gone
}

type knownKey struct {
	user  reference.User
	until time.Time
}

// user is whose the key is, if that is remembered. The losses are for keep.
func (k *keys) user(hash reference.KeyHash) (u reference.User, isKnown bool, losses int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	known, ok := k.known[hash]
	u = known.user
	u.Permissions = slices.Clone(u.Permissions)
	return u, ok && time.Now().Before(known.until), k.losses
}

// keep remembers a key that was read, unless keys have gone since.
func (k *keys) keep(hash reference.KeyHash, u reference.User, losses int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if losses != k.losses {
		return
	}
	if k.known == nil || len(k.known) >= keysKept {
		k.known = map[reference.KeyHash]knownKey{}
	}
	u.Permissions = slices.Clone(u.Permissions)
	k.known[hash] = knownKey{u, time.Now().Add(keyFor)}
}

// forget is for when keys go.
func (k *keys) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known = nil
	k.losses++
}
