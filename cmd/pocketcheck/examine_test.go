package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWaitingInterrupted: who was kept from waiting does not say that he waited to
// the end.
func TestWaitingInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	target := pocketcheck.Target{URL: "http://127.0.0.1:1", Key: pocketcheck.NewKey(apiKey)}
	d := newDoctor(target, pocketcheck.Options{Timeout: time.Second, Wait: time.Hour}, &keyring{})
	d.examine(ctx)
	require.Len(t, d.findings, 1)
	assert.Equal(t, "interrupted", strings.Join(d.findings[0].Says, " "))
	ledger := `{"event":"run","run":"R","at":"2026-11-27T08:46:03.5Z","target":"http://127.0.0.1:1"}`
	_, err := pocketcheck.Clean(ctx, bytes.NewBufferString(ledger), target, pocketcheck.Options{Wait: time.Hour})
	require.EqualError(t, err, "the run was interrupted")
}
