package wire

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// get asks a server that is made of handler.
func get(t *testing.T, timeout time.Duration, handler http.HandlerFunc) *Exchange {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c := NewClient(Settings{Timeout: timeout})
	t.Cleanup(c.Close)
	e := &Exchange{}
	req, err := http.NewRequestWithContext(e.Within(t.Context()), http.MethodGet, server.URL, nil)
	require.NoError(t, err)
	_, err = c.Do(req)
	assert.Equal(t, e.Failure, err)
	return e
}

func TestLongBody(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		size int
		want error
	}{{"at the limit", bodyLimit, nil}, {"beyond it", bodyLimit + 1, errTooLong}, {"without end", 1 << 50, errTooLong}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			e := get(t, 20*time.Second, func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				_, _ = io.CopyN(w, endless('1'), int64(tt.size)) // it may be cut off
			})
			require.ErrorIs(t, e.Failure, tt.want)
			assert.Len(t, e.Answer, bodyLimit)
			assert.EqualValues(t, 1, asked.Load(), "the same again would be as long")
		})
	}
}

// endless gives one byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// TestSwitchedProtocols: behind such an answer nothing comes to an end.
func TestSwitchedProtocols(t *testing.T) {
	t.Parallel()
	e := get(t, 20*time.Second, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "h2c")
		w.WriteHeader(http.StatusSwitchingProtocols)
		_ = http.NewResponseController(w).Flush() // the client will go
		<-r.Context().Done()
	})
	require.NoError(t, e.Failure)
	assert.Equal(t, http.StatusSwitchingProtocols, e.Status)
	assert.Empty(t, e.Answer)
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]string{"no answer": "", "half an answer": `{"media": [`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			e := get(t, 50*time.Millisecond, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				if begin != "" {
					_, _ = io.WriteString(w, begin)           // the client
					_ = http.NewResponseController(w).Flush() // will go
				}
				<-r.Context().Done()
			})
			require.ErrorContains(t, e.Failure, "no whole answer within 50ms")
			assert.LessOrEqual(t, asked.Load(), int32(1), "it is not asked again")
		})
	}
}

// TestExtent: what stands in a text is no value.
func TestExtent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text          string
		values, depth int
	}{
		{`{}`, 1, 1}, {` [1,2,[3]]`, 4, 2}, {`{"a,[\"{": "[[,,\\", "b": {}}`, 3, 2}, {`[[[`, 3, 3}, {`<p>[[[,,,`, 0, 0}, {`"[[["`, 0, 0}, {``, 0, 0},
		{`{"a`, 1, 1}, {`{"a\`, 1, 1}, {`]]]`, 0, 0},
	} {
		values, depth := extent([]byte(tt.text))
		assert.Equal(t, [2]int{tt.values, tt.depth}, [2]int{values, depth}, tt.text)
	}
}

// TestRoom: what does not fit is read by one after the other, and nobody waits for ever.
func TestRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &Client{room: newRoom()}
		const answer = roomLimit / 3 / 2 // its text is there twice
		var most, all int
		for range 20 {
			go func() {
				share := c.Share()
				defer share.Close()
				for range 3 { // who holds some wants more
					assert.NoError(t, share.take(t.Context(), &Exchange{}, answer, 0))
					time.Sleep(time.Second)
					c.room.mu.Lock()
					most = max(most, c.room.held)
					c.room.mu.Unlock()
				}
				all++
			}()
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		assert.Equal(t, 20, all)
		assert.Zero(t, c.room.held)
		assert.Len(t, c.room.turn, 1)
		assert.LessOrEqual(t, most, roomLimit+3*2*answer)
		share := c.Share()
		defer share.Close()
		require.NoError(t, share.take(t.Context(), &Exchange{}, shareLimit, 0))
		require.ErrorIs(t, share.take(t.Context(), &Exchange{}, smallest+1, 0), errShare)
	})
}

// TestRoomIsWaitedForWithoutLosingTime: the time that a target has for an answer is its
// own.
func TestRoomIsWaitedForWithoutLosingTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &Client{room: newRoom()}
		first, second := c.Share(), c.Share()
		require.NoError(t, first.take(t.Context(), &Exchange{}, roomLimit/2+1, 0)) // its turn
		go func() {
			time.Sleep(time.Hour)
			first.Close()
		}()
		ctx, cancel := allow(t.Context(), time.Second)
		defer cancel()
		require.NoError(t, second.take(ctx, &Exchange{}, roomLimit, 0))
		require.NoError(t, ctx.Err())
		time.Sleep(2 * time.Second)
		assert.ErrorIs(t, context.Cause(ctx), timeoutError{time.Second})
		second.Close()
	})
}
