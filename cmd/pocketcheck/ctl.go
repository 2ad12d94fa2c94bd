package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/spf13/cobra"
)

// ctl works the levers of a mock from the command line.
type ctl struct{ leverFlags }

func ctlCommand(known *keyring) *cobra.Command {
	c := &ctl{leverFlags{controlFlags: controlFlags{known: known}}}
	cmd := &cobra.Command{
		Use:   "ctl",
		Short: "Work the levers of a mock: rules, clock, keys, faults, journal",
		Long: `Work the levers of a mock that "pocketcheck serve --control" serves. What a lever
gives is printed as JSON, and nothing where it gives nothing; GET /openapi.json
there describes the same levers for programs.

Exit codes: 0 done, 2 wrong usage or refused by the mock, 3 no mock there.`,
		Example: `  pocketcheck ctl rules add --user admin@example.com --status 429 --retry-after 3 --times 1
  pocketcheck ctl clock advance 15d
  pocketcheck ctl journal --wrong`,
		Args: subcommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.add(cmd.PersistentFlags())
	cmd.AddCommand(c.resetCommand(), c.seedCommand(), c.snapshotCommand(), c.restoreCommand(), c.clockCommand(), c.keysCommand(),
		c.stateCommand(), c.rulesCommand(), c.faultsCommand(), c.journalCommand())
	return cmd
}

// subcommand refuses an argument of a command that only has commands.
func subcommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return fmt.Errorf("%s has no command %s; there are %s%s", cmd.CommandPath(), mistyped(args[0]), strings.Join(names, ", "), meantOf(args[0], names))
}

// works gives what runs a lever and prints what that gives.
func (c *ctl) works(lever func(context.Context, *control.Client, []string) (any, error)) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		levers, err := c.client(cmd)
		if err != nil {
			return err
		}
		result, err := lever(cmd.Context(), levers, args)
		if err != nil || result == nil {
			return worked(levers, err)
		}
		return shown(cmd.OutOrStdout(), result)
	}
}

// shown prints JSON, indented, without what would steer a terminal.
func shown(w io.Writer, result any) error {
	if text, isText := result.(json.RawMessage); isText {
		_, err := w.Write(append([]byte(plain.Text(strings.TrimSpace(string(text)))), '\n'))
		return err
	}
	return plain.JSON(w, result)
}

func (c *ctl) resetCommand() *cobra.Command {
	var user string
	cmd := &cobra.Command{
		Use: "reset", Short: "Let everything be as at the start, or take away what one caller made",
		Long: `Let rows, keys, clock, rules and faults be as at the start. The journal stays.
With --user, what that caller made goes, and the rules for them; all else stays.`,
		Args: noArguments,
	}
	cmd.RunE = c.works(func(ctx context.Context, l *control.Client, _ []string) (any, error) {
		if cmd.Flags().Changed("user") {
			return nil, l.ResetCaller(ctx, control.Reset{User: user})
		}
		return nil, l.Reset(ctx)
	})
	cmd.Flags().StringVar(&user, "user", "", "e-mail address of a caller")
	return cmd
}

func (c *ctl) seedCommand() *cobra.Command {
	return &cobra.Command{
		Use: "seed FILE", Short: "Add rows, written as those of serve --seed are; - is standard input",
		Args: arguments("a file of rows", "more.json"),
		RunE: c.withFile("read the rows", func(ctx context.Context, l *control.Client, rows io.Reader) error { return l.Seed(ctx, rows) }),
	}
}

func (c *ctl) snapshotCommand() *cobra.Command {
	return &cobra.Command{
		Use: "snapshot", Short: "Print all rows, for restore", Args: noArguments,
		RunE: c.works(func(ctx context.Context, l *control.Client, _ []string) (any, error) {
			text, err := l.Snapshot(ctx)
			return json.RawMessage(text), err
		}),
	}
}

func (c *ctl) restoreCommand() *cobra.Command {
	return &cobra.Command{
		Use: "restore FILE", Short: "Put the rows of a snapshot in the place of all; - is standard input",
		Args: arguments("the file of a snapshot", "snapshot.json"),
		RunE: c.withFile("read the snapshot", func(ctx context.Context, l *control.Client, rows io.Reader) error { return l.Restore(ctx, rows) }),
	}
}

// withFile gives what hands a file over to a lever.
func (c *ctl) withFile(what string, lever func(context.Context, *control.Client, io.Reader) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		file, err := openInput(cmd, what, args[0])
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }() // it was only read
		return c.works(func(ctx context.Context, l *control.Client, _ []string) (any, error) {
			return nil, lever(ctx, l, file)
		})(cmd, args)
	}
}

func (c *ctl) stateCommand() *cobra.Command {
	return &cobra.Command{
		Use: "state NAME [PARAMETER=VALUE ...]", Short: "Set up a provider state, and print its values",
		Example: `  pocketcheck ctl state "another user's comment" asset_id=rSkRlq2Aiw4wJvjvlqSm`,
		Args:    cobra.MinimumNArgs(1),
		RunE: c.works(func(ctx context.Context, l *control.Client, args []string) (any, error) {
			params := map[string]string{}
			for _, arg := range args[1:] {
				name, value, ok := strings.Cut(arg, "=")
				if !ok {
					return nil, fmt.Errorf("%s: want PARAMETER=VALUE", mistyped(arg))
				}
				params[name] = value
			}
			return l.State(ctx, args[0], params)
		}),
	}
}
