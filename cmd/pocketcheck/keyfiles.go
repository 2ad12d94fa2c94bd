package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/pocketcheck/pocketcheck"
	"github.com/spf13/cobra"
)

// keyFiles are the flags that name files with a key.
var keyFiles = []string{"api-key-file", "control-token-file"}

// addFiles adds the keys that are in files: those that arguments, the environment and the
// configuration name. It is for an error of a command that ended before it read them; what
// can't be read is no key.
func (k *keyring) addFiles(args []string) {
	config := configured(cmp.Or(givenFor("config", args), defaultConfig))
	for name, value := range config.Values {
		if text, isText := value.(string); isText && strings.HasSuffix(name, "api_key") {
			k.add(pocketcheck.NewKey(text))
		}
	}
	for _, flag := range keyFiles {
		k.add(keyIn(givenFor(flag, args)))
	}
	k.add(keyIn(config.KeyFile))
}

// readKey reads the file of a flag that names one with a key. Where there is none, the
// name is not told: it may be the key.
func readKey(cmd *cobra.Command, flag, path string) ([]byte, error) {
	text, err := readText(cmd, "read --"+flag, path)
	if missing, ok := errors.AsType[*fs.PathError](err); ok && missing.Op == "open" {
		return nil, fmt.Errorf("read --%s: %w; give the name of a file that holds the key, not the key", flag, missing.Err)
	}
	return text, err
}

// configuration is what of a configuration has keys.
type configuration struct {
	KeyFile string         `yaml:"api-key-file"`
	Values  map[string]any `yaml:"values"`
}

func configured(path string) (c configuration) {
	_ = yaml.Unmarshal(regular(path), &c) // what of it was read
	return c
}

func keyIn(path string) pocketcheck.Key {
	return pocketcheck.NewKey(string(bytes.TrimSpace(bytes.TrimPrefix(regular(path), []byte(byteOrderMark)))))
}

// givenFor gives what a flag is set to, wherever it stands, or its variable.
func givenFor(flag string, args []string) string {
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--"+flag+"="); ok {
			return value
		}
		if arg == "--"+flag && i+1 < len(args) {
			return args[i+1]
		}
	}
	return os.Getenv(environment(flag))
}

// regular reads a file that can be read twice: of a pipe, others would miss it.
func regular(path string) []byte {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() { // #nosec G703 -- whoever runs the command names it
		return nil
	}
	text, _ := os.ReadFile(path) // #nosec G304 G703 -- as above
	return text
}
