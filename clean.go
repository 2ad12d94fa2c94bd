package pocketcheck

import (
	"context"
	"errors"
	"io"

	"github.com/pocketcheck/pocketcheck/steps"
)

// Cleaned is what became of what a ledger tells of.
type Cleaned = steps.Cleaned

// Clean removes from a target at a URL what the ledger of a run, see
// [Options.Ledger], says that it made there and did not remove. What can't be removed
// is in the result, not an error. The error, before anything is sent, is [ErrUsage]
// where the target or an option is bad, or where the ledger is none or another
// target's.
func Clean(ctx context.Context, ledger io.Reader, target Target, opts Options) (*Cleaned, error) {
	if err := errors.Join(target.Check(), opts.Check()); err != nil {
		return nil, err
	}
	if target.URL == "" {
		return nil, usage("a target without a URL is gone with what was made there; give the URL")
	}
	opts = opts.withDefaults()
	config := target.config(opts, nil)
	ctx, cancel := context.WithTimeout(ctx, opts.Wait+opts.Deadline)
	defer cancel()
	cleaned, err := steps.Clean(ctx, ledger, config, opts.Wait)
	if errors.Is(err, steps.ErrLedger) {
		return nil, usageError{err}
	}
	return cleaned, err
}
