package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/spf13/cobra"
)

func (c *ctl) clockCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "clock", Short: "Print what the time is for the mock", Args: subcommand,
		RunE: c.works(func(ctx context.Context, l *control.Client, _ []string) (any, error) { return l.Clock(ctx) }),
	}
	var frozen bool
	set := &cobra.Command{
		Use: "set TIME", Short: "Set the clock; what was in the trash bin 14 days by it is gone at once",
		Args: arguments("a time", "2026-01-31T12:00:00Z"),
		RunE: c.works(func(ctx context.Context, l *control.Client, args []string) (any, error) {
			at, err := time.Parse(time.RFC3339, args[0])
			if err != nil {
				return nil, fmt.Errorf("%s is no time such as 2026-01-31T12:00:00Z", mistyped(args[0]))
			}
			return l.SetClock(ctx, control.Clock{Now: at, Frozen: frozen})
		}),
	}
	set.Flags().BoolVar(&frozen, "frozen", false, "let it stand still")
	advance := &cobra.Command{
		Use: "advance DURATION", Short: "Let time pass at once, such as 15d or 2h30m",
		Args: arguments("a duration", "15d"),
		RunE: c.works(func(ctx context.Context, l *control.Client, args []string) (any, error) {
			by, err := daysAnd(args[0])
			if err != nil {
				return nil, err
			}
			return l.Advance(ctx, by)
		}),
	}
	cmd.AddCommand(set, advance)
	return cmd
}

// daysAnd reads a duration that may begin with days.
func daysAnd(text string) (by control.Advance, err error) {
	wrong := fmt.Errorf("%s is no duration such as 15d, 2h30m or 1d12h", mistyped(text))
	rest := text
	if days, after, ok := strings.Cut(text, "d"); ok {
		if by.Days, err = strconv.Atoi(days); err != nil {
			return by, wrong
		}
		rest = after
	}
	if rest == "" && by.Days > 0 {
		return by, nil
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 {
		return by, wrong
	}
	by.Seconds = int(d / time.Second)
	return by, nil
}
