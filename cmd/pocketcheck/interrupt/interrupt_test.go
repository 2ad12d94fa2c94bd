package interrupt

import (
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestEchoesAreOneSignal: coreutils' timeout signals its child and then the group that
// it is in, and a process group in a terminal gets what its leader passes on.
func TestEchoesAreOneSignal(t *testing.T) {
	t.Parallel()
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		synctest.Test(t, func(t *testing.T) {
			sent, over := make(chan os.Signal, 4), make(chan struct{})
			var cancelled, ended int
			go watch(sent, over, func() { cancelled++ }, func() { ended++ })
			for range 3 {
				sent <- s
			}
			time.Sleep(echoes)
			sent <- s
			synctest.Wait()
			assert.Equal(t, 1, cancelled, s)
			assert.Zero(t, ended, s)
			time.Sleep(time.Nanosecond)
			sent <- s
			synctest.Wait()
			assert.Equal(t, 1, cancelled, s)
			assert.Equal(t, 1, ended, s)
			close(over)
		})
	}
}
