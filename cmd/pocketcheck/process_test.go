package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// output is what a process has printed so far.
type output struct {
	mu      sync.Mutex
	changed *sync.Cond
	text    strings.Builder
	ended   bool
}

func newOutput() *output {
	o := &output{}
	o.changed = sync.NewCond(&o.mu)
	return o
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer o.changed.Broadcast()
	return o.text.Write(p)
}

func (o *output) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = true
	o.changed.Broadcast()
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// has waits until the process has printed text; false when it ended without.
func (o *output) has(text string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for !strings.Contains(o.text.String(), text) && !o.ended {
		o.changed.Wait()
	}
	return strings.Contains(o.text.String(), text)
}

// process is a running pocketcheck.
type process struct {
	cmd            *exec.Cmd
	stdout, stderr *output
	ended          chan struct{} // closed at its end
}

// begin starts pocketcheck in a folder, with the key of these tests.
func begin(dir string, args ...string) (*process, error) {
	return beginAs("pocketcheck", dir, quick, args...)
}

// beginAs starts the command that is at a path.
func beginAs(command, dir string, env []string, args ...string) (*process, error) {
	p := &process{exec.Command(command, args...), newOutput(), newOutput(), make(chan struct{})}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = dir, p.stdout, p.stderr
	p.cmd.Env = slices.Concat(containerEnvironment(), env, []string{"POCKETCHECK_API_KEY=" + apiKey})
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // the process's state tells
		close(p.ended)
		p.stdout.end()
		p.stderr.end()
	}()
	return p, nil
}

// containerEnvironment is what containers are started with, and nothing else of
// the environment.
func containerEnvironment() []string {
	var env []string
	for _, text := range os.Environ() {
		for _, prefix := range []string{"DOCKER_", "TESTCONTAINERS_HOST_OVERRIDE=", "POSTGRES_IMAGE=", "ELASTICSEARCH_IMAGE="} {
			if strings.HasPrefix(text, prefix) {
				env = append(env, text)
			}
		}
	}
	return env
}

// close makes sure that the process ends.
func (p *process) close() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.ended
}

// serves is "serves NAME [ARG ...]". It starts pocketcheck serve, waits until it
// prints where it serves and sets $NAME, $NAME_ADDRESS, $NAME_STATES and $NAME_CONTROL to that. What
// it prints is in NAME.banner.
func serves(ts *testscript.TestScript, _ bool, args []string) {
	p, err := begin(ts.MkAbs("."), append([]string{"serve"}, args[1:]...)...)
	ts.Check(err)
	ts.Defer(p.close)
	ts.Value(targetsKey{}).(targets)[args[0]] = &target{served: p}
	if !p.stdout.has("serving at ") {
		ts.Fatalf("serve does not serve: %s%s", p.stdout, p.stderr)
	}
	at := p.servesAt()
	ts.Setenv(args[0], at.api)
	ts.Setenv(args[0]+"_ADDRESS", strings.TrimPrefix(at.api, "http://"))
	ts.Setenv(args[0]+"_STATES", at.states)
	ts.Setenv(args[0]+"_CONTROL", strings.TrimSuffix(at.states, "/states"))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".banner"), []byte(p.stdout.String()), 0o600))
	if strings.Contains(p.stdout.String(), secret) {
		ts.Fatalf("serve prints a secret")
	}
}

// servesAt is where a process says that it serves: it must have said so.
func (p *process) servesAt() (at struct{ api, states string }) {
	for line := range strings.Lines(p.stdout.String()) {
		switch what, url, _ := strings.Cut(strings.TrimSpace(line), " at "); what {
		case "serving":
			at.api = url
		case "provider states":
			at.states = url
		}
	}
	return at
}

// interrupts is "interrupt NAME": what a user's ctrl-C does to pocketcheck serve.
func interrupts(ts *testscript.TestScript, _ bool, args []string) {
	p := ts.Value(targetsKey{}).(targets)[args[0]].served
	ts.Check(p.cmd.Process.Signal(os.Interrupt))
	<-p.ended
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		ts.Fatalf("serve ends with %d: %s", code, p.stderr)
	}
	for line := range strings.Lines(p.stderr.String()) { // the failures that it was told to have
		if !strings.Contains(line, `level=ERROR msg="request failed"`) || strings.Contains(line, secret) {
			ts.Fatalf("serve says: %s", line)
		}
	}
}
