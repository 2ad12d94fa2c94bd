package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// defaultConfig is read where it exists and --config names no other.
const defaultConfig = "pocketcheck.yaml"

// values are the preconditions that the environment or the configuration file
// may give: never flags, since most of them are keys.
var values = []string{
	"other_api_key", "no_actions_view_api_key", "no_actions_start_api_key", "dag_action_id", "project_ids",
	"asset_id", "comment_id", "media_id",
}

// severalValues is the one that may have more than one: commas between them in the
// environment, a list in the file.
const severalValues = "project_ids"

// settings are the values found, by name; a list has one element each.
type settings map[string][]string

// configure fills what no flag says from POCKETCHECK_* and then from the
// configuration file.
func configure(cmd *cobra.Command) (settings, error) {
	found := settings{}
	problems := unknownVariables(cmd.Root())
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		text, ok := os.LookupEnv(environment(f.Name))
		if f.Changed || !ok || isOfKubernetes(f.Name, text) {
			return
		}
		values := valuesIn(f, text)
		if len(values) == 0 { // a variable that was not set where it was meant to be
			problems = append(problems, emptyAmong(environment(f.Name), []string{""}))
			return
		}
		for _, value := range values {
			if err := cmd.Flags().Set(f.Name, value); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", environment(f.Name), misfit(f, value, err)))
			}
		}
	})
	for _, name := range values {
		text, isSet := os.LookupEnv(environment(name))
		if !isSet {
			continue
		}
		texts := []string{text}
		if name == severalValues {
			texts = strings.Split(text, ",")
		}
		found[name] = trimmed(texts)
		problems = append(problems, emptyAmong(environment(name), found[name]))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	if cmd.Flags().Lookup("config") == nil {
		return found, nil
	}
	return found, readConfig(cmd, found)
}

// emptyAmong refuses what was not set where it was meant to be, such as by a secret that
// is missing: without it, facts would be lost in silence.
func emptyAmong(name string, texts []string) error {
	switch {
	case len(texts) > 1 && slices.Contains(texts, ""):
		return fmt.Errorf("%s has an empty value among %d; leave it out", name, len(texts))
	case len(texts) == 0 || texts[0] == "":
		return fmt.Errorf("%s is set and empty; give it a value or unset it", name)
	}
	return nil
}

func readConfig(cmd *cobra.Command, found settings) error {
	path, _ := cmd.Flags().GetString("config") // its lookup succeeded
	text, err := readText(cmd, "read the configuration", path)
	if errors.Is(err, fs.ErrNotExist) && !cmd.Flags().Changed("config") {
		return misnamedConfig()
	}
	if err != nil {
		return err
	}
	path = called(path)
	members, err := membersOf(path, text)
	if err != nil {
		return err
	}
	var names []string
	for _, m := range members {
		isSet, err := apply(cmd, path, m, found)
		if err != nil {
			return err
		}
		if isSet {
			names = append(names, keyOf(m))
		}
	}
	if cmd.Flags().Changed("config") {
		return nil
	}
	return tellFound(cmd, path, names)
}

// membersOf gives what a configuration has, of all its documents.
func membersOf(path string, text []byte) (all []*ast.MappingValueNode, err error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, yamlError(path, err)
	}
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		members, err := mapping(path, doc.Body)
		if err != nil {
			return nil, err
		}
		all = append(all, members...)
	}
	return all, nil
}

// misnamed is what somebody may call the configuration, in whatever case.
var misnamed = regexp.MustCompile(`(?i)^\.?pocketcheck\.(ya?ml(\.txt)?|json|toml|conf|cfg|ini)$`)

// misnamedConfig refuses a file that somebody takes for the configuration.
func misnamedConfig() error {
	entries, err := os.ReadDir(".")
	if err != nil {
		return nil // who may not list the folder has no configuration there either
	}
	for _, e := range entries {
		if name := e.Name(); misnamed.MatchString(name) && name != defaultConfig {
			return fmt.Errorf("%s is not read; call it %s, or give --config %s", name, defaultConfig, name)
		}
	}
	return nil
}

// yamlError gives file and line, and never the text of the line: it may be a
// key.
func yamlError(path string, err error) error {
	var bad yaml.Error
	if errors.As(err, &bad) && bad.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", path, bad.GetToken().Position.Line, bad.GetMessage())
	}
	return fmt.Errorf("%s: not YAML", path)
}

func at(path string, n ast.Node) string {
	return fmt.Sprintf("%s:%d", path, n.GetToken().Position.Line)
}

func mapping(path string, n ast.Node) ([]*ast.MappingValueNode, error) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, nil
	}
	return nil, fmt.Errorf("%s: want keys and values, such as \"target: http://localhost:8080\"", at(path, n))
}

// apply takes one member of the file: a flag's name, or "values" with values. It tells
// whether that sets anything, which flags and the environment did not.
func apply(cmd *cobra.Command, path string, m *ast.MappingValueNode, found settings) (isSet bool, err error) {
	name := keyOf(m)
	if name == "values" {
		return true, applyValues(path, m, found)
	}
	f := cmd.Flags().Lookup(name)
	switch {
	case name == severalTargets && cmd.Name() == "run" && cmd.Annotations[severalTargets] == "":
		return false, fmt.Errorf("%s: %s are read from a file alone, no pipe, that --config names", at(path, m), name)
	case name == severalTargets:
		return false, nil // which were read, or are for run
	case f == nil && runCommand(nil).Flags().Lookup(name) != nil:
		return false, nil // it is for run, and this is another command
	case name == "api-key" || name == "api_key":
		return false, fmt.Errorf("%s: the API key is never read from here; set POCKETCHECK_API_KEY or api-key-file", at(path, m))
	case f == nil || name == "config" || name == "help":
		return false, fmt.Errorf("%s: unknown key %q; the keys are \"values\" and the flags of pocketcheck run", at(path, m), name)
	case f.Changed:
		return false, nil // the flag or the environment said so
	}
	texts, err := textsOf(path, name, m.Value)
	if err != nil {
		return false, err
	}
	if _, isList := f.Value.(pflag.SliceValue); !isList && len(texts) != 1 {
		return false, fmt.Errorf("%s: %s wants one value, not a list", at(path, m), name)
	}
	for _, text := range texts {
		if cmd.Flags().Set(name, text) != nil { // its error has the text, which may be a key in the wrong place
			return false, fmt.Errorf("%s: the value of %s is not of the kind %s%s", at(path, m), name, f.Value.Type(), wanted(f, text))
		}
	}
	return true, nil
}

func applyValues(path string, m *ast.MappingValueNode, found settings) error {
	members, err := mapping(path, m.Value)
	if err != nil {
		return err
	}
	for _, v := range members {
		name := keyOf(v)
		known := false
		for _, n := range values {
			known = known || n == name
		}
		if !known {
			return fmt.Errorf("%s: unknown value %q; the values are %s", at(path, v), name, strings.Join(values, ", "))
		}
		texts, err := textsOf(path, name, v.Value)
		if err != nil {
			return err
		}
		if _, isList := v.Value.(*ast.SequenceNode); isList && name != severalValues {
			return fmt.Errorf("%s: %s wants one value, not a list", at(path, v), name)
		}
		if err := emptyAmong(name, trimmed(texts)); err != nil {
			return fmt.Errorf("%s: %w", at(path, v), err)
		}
		if found[name] == nil {
			found[name] = texts
		}
	}
	return nil
}

func keyOf(m *ast.MappingValueNode) string {
	return strings.Trim(m.Key.GetToken().Value, `"'`)
}

// textsOf gives a scalar as it is written (an id above 2^53 keeps its digits),
// or the scalars of a list.
func textsOf(path, name string, n ast.Node) ([]string, error) {
	switch n := n.(type) {
	case *ast.SequenceNode:
		var texts []string
		for _, v := range n.Values {
			if _, isList := v.(*ast.SequenceNode); isList {
				return nil, fmt.Errorf("%s: %s has a list in its list; write one", at(path, v), name)
			}
			t, err := textsOf(path, name, v)
			if err != nil {
				return nil, err
			}
			texts = append(texts, t...)
		}
		return texts, nil
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return []string{n.GetToken().Value}, nil
	}
	return nil, fmt.Errorf("%s: %s wants a text, a number or a list of them", at(path, n), name)
}
