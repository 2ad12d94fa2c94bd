package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/spf13/cobra"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, and what it was made of",
		Long: `Print the version, the commit, Go's version, and the digests of the API document
and of the features, as reports have them.`,
		Example: "  pocketcheck version",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			document, features := report.Digests()
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "pocketcheck %s\ncommit    %s\ngo        %s %s/%s\ndocument  sha256 %s\nfeatures  sha256 %s\n",
				report.Version, commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH, document, features)
			return err
		},
	}
}

// commit is what the binary was built of, as Go notes it.
func commit() string {
	revision, state := "not known", ""
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return revision
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			state = ", and changes to it"
		}
	}
	return revision + state
}
