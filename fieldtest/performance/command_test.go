//go:build unix

package performance

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
)

// starts measures how long the mock needs from its start to its first answer.
func (b bench) starts() {
	b.Helper()
	var took []float64
	for range rounds {
		cmd := exec.Command(b.program, "serve", "--port", "0")
		stdout, err := cmd.StdoutPipe()
		require.NoError(b, err)
		said := bufio.NewReader(stdout)
		begin := time.Now()
		require.NoError(b, cmd.Start())
		line, err := said.ReadString('\n')
		require.NoError(b, err)
		answer, err := http.Get(strings.TrimSpace(strings.TrimPrefix(line, "serving at ")))
		took = append(took, float64(time.Since(begin).Microseconds())/1000)
		require.NoError(b, err)
		_ = answer.Body.Close() // its status was all
		_ = cmd.Process.Kill()  // it keeps nothing
		_, _ = io.ReadAll(said) // to its end
		_ = cmd.Wait()          // that it was killed is no news
	}
	b.row("from the start of the mock to its first answer", " ms", took, "≤ 50")
}

// prove measures what each fault costs that the proof tries.
func (b bench) prove() {
	b.Helper()
	cmd := exec.Command(b.program, "prove")
	proof, err := cmd.Output()
	require.NoError(b, err)
	_, last, _ := strings.Cut(string(proof), "\nfaults: ")
	var faults int
	_, err = fmt.Sscan(last, &faults)
	require.NoError(b, err)
	took := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	b.row("prove, processor time for each fault", " ms", []float64{float64(took.Milliseconds()) / float64(faults)}, "≤ 60")
}
