package main

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestExitErrorSaysWhatThereIs: an exit code without a reason is an error too, and
// has a text.
func TestExitErrorSaysWhatThereIs(t *testing.T) {
	t.Parallel()
	reason := errors.New("why")
	assert.EqualError(t, exitError{exitNonConform, nil}, "exit status 1")
	assert.EqualError(t, exitError{exitUsage, reason}, "why")
	assert.ErrorIs(t, exitError{exitUsage, reason}, reason)
}
