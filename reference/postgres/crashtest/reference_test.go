package crashtest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// served is a reference process, and after its end another one.
type served struct {
	database, elasticsearch string
	environment             []string

	now   *exec.Cmd
	ended chan struct{} // closed at the end of now
	log   bytes.Buffer  // of all of them, to be read once the last has ended

	mu sync.Mutex
	at string
}

// address is where the process serves; each has another port.
func (s *served) address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

// Start starts a process. One that ends, since it can't connect, is followed by
// another.
func (s *served) Start(ctx context.Context) error {
	for begun := time.Now(); ; {
		at, err := s.begin()
		if err != nil {
			return err
		}
		if at != "" {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.at = at
			return nil
		}
		s.close()
		if time.Since(begun) > recovers || ctx.Err() != nil {
			return fmt.Errorf("start a reference: it ends: %s", s.said())
		}
	}
}

// begin starts a process and gives its address; "" if it ends without. It ends
// at the first data race, too: who is killed can't tell of one.
func (s *served) begin() (string, error) {
	cmd := exec.Command(os.Args[0], s.database, s.elasticsearch)
	cmd.Env = append([]string{childMode + "=1", "GORACE=halt_on_error=1"}, s.environment...)
	cmd.Stderr = &s.log
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	at, _ := bufio.NewReader(stdout).ReadString('\n') // its end is no error
	ended := make(chan struct{})
	s.now, s.ended = cmd, ended
	go func() {
		_ = cmd.Wait() // that it has ended is all that matters
		close(ended)
	}()
	return strings.TrimSpace(at), nil
}

// Kill ends the process with SIGKILL.
func (s *served) Kill(context.Context) error {
	select {
	case <-s.ended:
		return errors.New("it has ended by itself")
	default:
		s.close()
		return nil
	}
}

// Pause stops the process where it is.
func (s *served) Pause(context.Context) error { return s.now.Process.Signal(stop) }

// Unpause lets it go on.
func (s *served) Unpause(context.Context) error { return s.now.Process.Signal(goOn) }

// close makes sure that the process has ended.
func (s *served) close() {
	if s.now != nil {
		_ = s.now.Process.Kill() // it may have ended
		<-s.ended
	}
}

// said is the end of all that the processes wrote.
func (s *served) said() string {
	text := s.log.String()
	return text[max(0, len(text)-20_000):]
}
