package wire

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPaceFindsTheLimit: few answers before the first refusal say nothing of how many a
// second a target takes, and a refusal of two requests that came close together no more.
func TestPaceFindsTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const gap = 10 * time.Millisecond // that the target wants between two requests
		p := newPace(0)
		var last time.Time
		ask := func() bool {
			require.NoError(t, p.wait(t.Context()))
			sent := time.Now()
			if sent.Sub(last) < gap {
				p.refuse(sent)
				return false
			}
			last = sent
			p.accept()
			return true
		}
		ask()
		time.Sleep(400 * time.Millisecond)
		ask()
		begun, refused := time.Now(), 0
		for answered := 0; answered < 1000; {
			if ask() {
				answered++
			} else {
				refused++
			}
			if answered%100 == 50 && ask() { // one that comes early for a reason of its own
				p.refuse(time.Now())
				answered++
			}
		}
		assert.Less(t, time.Since(begun), 40*time.Second)
		assert.Less(t, refused, 50)
	})
}
