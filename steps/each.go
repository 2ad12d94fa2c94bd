package steps

import (
	"errors"
	"fmt"
	"iter"

	"golang.org/x/sync/errgroup"
)

// each calls f with all of a list, so many of them at once. What one panics with, the
// caller does, who has a place to tell of it: in a goroutine of its own it would end the
// process, and show what it is about.
func each[T any](all iter.Seq[T], atOnce int, f func(T)) {
	var group errgroup.Group
	group.SetLimit(max(atOnce, 1))
	for t := range all {
		group.Go(func() (err error) {
			defer caught(&err)
			f(t)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		panic(errors.Unwrap(err))
	}
}

// caught makes an error of a panic.
func caught(err *error) {
	if v := recover(); v != nil {
		*err = fault{fmt.Errorf("%v", v)}
	}
}
