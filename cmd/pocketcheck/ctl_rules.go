package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (c *ctl) rulesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "rules", Short: "Print the rules, the newest first", Args: subcommand,
		RunE: c.works(func(ctx context.Context, l *control.Client, _ []string) (any, error) { return l.Rules(ctx) }),
	}
	cmd.AddCommand(c.addRuleCommand(), c.removeRulesCommand())
	return cmd
}

// ruleFlags are a rule as flags say it.
type ruleFlags struct {
	control.Rule
	body, text    string
	delay, atMost time.Duration
}

func (f *ruleFlags) add(fs *pflag.FlagSet) {
	fs.StringVar(&f.User, "user", "", "e-mail address of the caller whose requests it is for")
	fs.BoolVar(&f.Everyone, "everyone", false, "it is for the requests of all")
	fs.StringVar(&f.Endpoint, "endpoint", "", `as documented, with globs: "POST /api/v2/assets"; all without it`)
	fs.StringVar(&f.AssetID, "asset", "", "id of the asset in the path; any without it")
	fs.IntVar(&f.Call, "call", 0, "answer from this matching request on, counted from 1")
	fs.IntVar(&f.Times, "times", 0, "answer so many requests; 0 for all, or one with --call")
	fs.StringVar(&f.Fact, "fact", "", "documented answer, by its fact: comments.update.not-owner")
	fs.IntVar(&f.Status, "status", 0, "status, with the document's body where it has one")
	fs.StringVar(&f.body, "body", "", "JSON body in place of the document's")
	fs.StringVar(&f.text, "text", "", "body that is not JSON")
	fs.StringToStringVar(&f.Header, "answer-header", nil, "NAME=VALUE of the answer, repeatable")
	fs.IntVar(&f.RetryAfter, "retry-after", 0, "seconds in the header Retry-After")
	fs.DurationVar(&f.delay, "delay", 0, "how long the answer waits")
	fs.DurationVar(&f.atMost, "delay-up-to", 0, "wait between --delay and this, as --seed has it")
	fs.Uint64Var(&f.Seed, "seed", 0, "number by which delays are the same again")
	fs.StringVar(&f.Break, "break", "", "how the answer goes wrong on its way: drop, truncate, malform")
}

// rule gives what the flags say.
func (f *ruleFlags) rule(fs *pflag.FlagSet) (control.Rule, error) {
	r := f.Rule
	if fs.Changed("body") {
		if !json.Valid([]byte(f.body)) {
			return r, errors.New("--body is no JSON; --text gives another body")
		}
		r.Body = json.RawMessage(f.body)
	}
	if fs.Changed("text") {
		r.Text = &f.text
	}
	r.DelayMS, r.DelayUpToMS = int(f.delay.Milliseconds()), int(f.atMost.Milliseconds())
	return r, nil
}

func (c *ctl) addRuleCommand() *cobra.Command {
	f := &ruleFlags{}
	cmd := &cobra.Command{
		Use: "add", Short: "Let the mock answer some requests otherwise", Args: noArguments,
		Example: `  pocketcheck ctl rules add --user admin@example.com --fact assets.create.external-id-taken --call 2
  pocketcheck ctl rules add --everyone --delay 200ms --delay-up-to 2s --seed 7`,
	}
	f.add(cmd.Flags())
	cmd.RunE = c.works(func(ctx context.Context, l *control.Client, _ []string) (any, error) {
		r, err := f.rule(cmd.Flags())
		if err != nil {
			return nil, err
		}
		return l.AddRule(ctx, r)
	})
	return cmd
}

func (c *ctl) removeRulesCommand() *cobra.Command {
	var user string
	var all bool
	cmd := &cobra.Command{
		Use: "remove [ID ...]", Short: "Remove rules by their ids, those of a caller, or all",
	}
	cmd.Flags().StringVar(&user, "user", "", "remove those of the caller with this e-mail address")
	cmd.Flags().BoolVar(&all, "all", false, "remove all")
	cmd.RunE = c.works(func(ctx context.Context, l *control.Client, ids []string) (any, error) {
		given := len(ids)
		for _, is := range []bool{user != "", all} {
			if is {
				given++
			}
		}
		if given == 0 || len(ids) > 0 && given != len(ids) || user != "" && all {
			return nil, fmt.Errorf("give the ids of rules, --user, or --all: %s rule-1", cmd.CommandPath())
		}
		if len(ids) == 0 {
			return nil, l.RemoveRules(ctx, user)
		}
		for _, id := range ids {
			if err := l.RemoveRule(ctx, id); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	return cmd
}

func (c *ctl) faultsCommand() *cobra.Command {
	var on bool
	cmd := &cobra.Command{
		Use: "faults", Short: "Print the faults that the mock can have", Args: subcommand,
		RunE: c.works(func(ctx context.Context, l *control.Client, _ []string) (any, error) {
			all, err := l.Faults(ctx)
			if !on {
				return all, err
			}
			have := []control.Fault{}
			for _, f := range all {
				if f.On {
					have = append(have, f)
				}
			}
			return have, err
		}),
	}
	cmd.Flags().BoolVar(&on, "on", false, "only those that it has")
	cmd.AddCommand(&cobra.Command{
		Use: "set [NAME ...]", Short: "Let the mock have these faults and no others; none without a name",
		Example: `  pocketcheck ctl faults set comments.update.not-owner/owner-not-checked`,
		RunE: c.works(func(ctx context.Context, l *control.Client, names []string) (any, error) {
			return nil, l.SetFaults(ctx, names...)
		}),
	})
	return cmd
}

func (c *ctl) keysCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "keys", Short: "Print the callers whose keys are no secret, and those that were added", Args: subcommand,
		RunE: c.works(func(ctx context.Context, l *control.Client, _ []string) (any, error) { return l.Callers(ctx) }),
	}
	var who control.Caller
	var none bool
	add := &cobra.Command{
		Use: "add", Short: "Make a user with a key, or give one who is there another key", Args: noArguments,
		Example: `  pocketcheck ctl keys add --user viewer@example.com --permission ACTIONS_VIEW`,
	}
	add.Flags().StringVar(&who.User, "user", "", "e-mail address; one is made without it")
	add.Flags().StringSliceVar(&who.Permissions, "permission", nil, "ACTIONS_VIEW or ACTIONS_START, repeatable; both without it")
	add.Flags().BoolVar(&none, "no-permissions", false, "give none")
	add.RunE = c.works(func(ctx context.Context, l *control.Client, _ []string) (any, error) {
		if none && len(who.Permissions) > 0 {
			return nil, errors.New("--permission and --no-permissions: give one")
		}
		if none {
			who.Permissions = []string{}
		}
		return l.AddCaller(ctx, who)
	})
	cmd.AddCommand(add)
	return cmd
}
