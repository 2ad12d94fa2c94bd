package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// connection is how a target is reached, beside its URL.
type connection struct {
	headers, statesHeaders        []string
	caFile, clientCert, clientKey string
	insecure                      bool
}

func (c *connection) add(fs *pflag.FlagSet) {
	c.addTarget(fs)
	fs.StringArrayVar(&c.statesHeaders, "states-header", nil, "NAME: VALUE for every request to the states URL, repeatable")
}

// addTarget adds what there is without provider states.
func (c *connection) addTarget(fs *pflag.FlagSet) {
	fs.StringArrayVar(&c.headers, "header", nil, "NAME: VALUE for every request to the target, repeatable")
	fs.StringVar(&c.caFile, "ca-file", "", "PEM file of certificates to trust besides the system's")
	fs.StringVar(&c.clientCert, "client-cert", "", "PEM file of the certificate to show to the target")
	fs.StringVar(&c.clientKey, "client-key", "", "PEM file of its private key")
	fs.BoolVar(&c.insecure, "insecure", false, "don't check the target's certificate")
}

// noArguments refuses arguments, but not with the words of a URL or of a header that
// may be secret.
func noArguments(cmd *cobra.Command, args []string) error {
	isURL := func(arg string) bool { return strings.Contains(arg, "://") }
	switch {
	case len(args) == 0:
		return nil
	case cmd.Flags().Changed("header") || cmd.Flags().Changed("states-header"):
		return errors.New("there is a word behind the flags; quote a header, which has a blank: --header 'NAME: VALUE'")
	case cmd.Flags().Lookup("target") != nil && slices.ContainsFunc(args, isURL):
		return fmt.Errorf("a target is given by --target: %s --target http://localhost:8080", cmd.CommandPath())
	}
	if name, _, _ := strings.Cut(args[0], "="); name != args[0] && variable.MatchString(name) { // else it may be the end of base64
		return fmt.Errorf("%s takes no arguments; a variable stands before the command, as %s=… %s", cmd.CommandPath(), name, cmd.CommandPath())
	}
	return fmt.Errorf("%s takes no arguments, and %s is one", cmd.CommandPath(), mistyped(args[0]))
}

// variable is what those of the environment are called by custom.
var variable = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)

// mistyped repeats what was typed in the wrong place. Of what may be a key it is the
// beginning.
func mistyped(text string) string {
	if runes := []rune(text); len(runes) >= shortKey {
		return fmt.Sprintf("%q…", string(runes[:shortKey/2-1]))
	}
	return fmt.Sprintf("%q", text)
}

// arguments wants as many as an example has.
func arguments(what, example string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == len(strings.Fields(example)) {
			return nil
		}
		return fmt.Errorf("%s takes %s, not %d: %[1]s %[4]s", cmd.CommandPath(), what, len(args), example)
	}
}

// ofTarget are the flags that say something of a target at a URL.
var ofTarget = []string{"header", "states-header", "client-cert", "client-key", "insecure", "wait"}

// check refuses what does not go together.
func (c *connection) check(flags *pflag.FlagSet, url, statesURL, image string) error {
	for _, name := range ofTarget {
		if flags.Changed(name) && url == "" && (image == "" || name == "wait") {
			return fmt.Errorf("--%s belongs to a target; give --target too", name)
		}
	}
	isHTTPS := strings.HasPrefix(url, "https:") || strings.HasPrefix(statesURL, "https:")
	switch {
	case len(c.statesHeaders) > 0 && statesURL == "":
		return errors.New("--states-header belongs to a states URL; give --states-url too")
	case (c.clientCert == "") != (c.clientKey == ""):
		return errors.New("--client-cert and --client-key: give both")
	case c.clientCert != "" && !isHTTPS:
		return errors.New("--client-cert: nobody asks for a certificate at an http URL; is it https://?")
	}
	return nil
}

// connect gives a target what is said of the connection to it, and notes what of it
// is secret.
func (c *connection) connect(cmd *cobra.Command, t *pocketcheck.Target, known *keyring) (err error) {
	if t.Header, err = headersOf("header", c.headers); err != nil {
		return err
	}
	if t.StatesHeader, err = headersOf("states-header", c.statesHeaders); err != nil {
		return err
	}
	known.add(wire.Secrets(fixtures.Document(), t.Header, t.StatesHeader)...)
	if c.caFile == "" && c.clientCert == "" && !c.insecure {
		return nil
	}
	t.TLS = &tls.Config{InsecureSkipVerify: c.insecure} // #nosec G402 -- where --insecure is given alone, and every report says so
	if err := c.trust(cmd, t.TLS); err != nil {
		return err
	}
	if err := c.present(cmd, t.TLS); err != nil {
		return err
	}
	t.TLSFiles = pocketcheck.TLSFiles{CA: lasting(c.caFile), Cert: lasting(c.clientCert), Key: lasting(c.clientKey)}
	return nil
}

// headersOf reads headers; no message has a value.
func headersOf(flag string, all []string) (http.Header, error) {
	var h http.Header
	for i, text := range all {
		name, value, err := wire.ParseHeader(text)
		if err != nil {
			which := "--" + flag
			if len(all) > 1 {
				which = fmt.Sprintf("--%s (%d of %d)", flag, i+1, len(all))
			}
			return nil, fmt.Errorf("%s: %w; write it as --%s 'NAME: VALUE', or in %s as NAME: VALUE, one a line", which, err, flag, environment(flag))
		}
		if h == nil {
			h = http.Header{}
		}
		h.Add(name, value)
	}
	return h, nil
}

func (c *connection) trust(cmd *cobra.Command, into *tls.Config) error {
	if c.caFile == "" {
		return nil
	}
	pem, err := readText(cmd, "read --ca-file", c.caFile)
	if err != nil {
		return err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return fmt.Errorf("--ca-file %s holds no PEM certificate", called(c.caFile))
	}
	into.RootCAs = pool
	return nil
}

func (c *connection) present(cmd *cobra.Command, into *tls.Config) error {
	if c.clientCert == "" {
		return nil
	}
	pair, err := keyPair(cmd, "client-cert", c.clientCert, "client-key", c.clientKey)
	if err != nil {
		return err
	}
	into.Certificates = []tls.Certificate{pair}
	return nil
}

// keyPair reads a certificate and its private key from the files of two flags.
func keyPair(cmd *cobra.Command, certFlag, certFile, keyFlag, keyFile string) (pair tls.Certificate, err error) {
	cert, err := readText(cmd, "read --"+certFlag, certFile)
	if err != nil {
		return pair, err
	}
	key, err := readText(cmd, "read --"+keyFlag, keyFile)
	if err != nil {
		return pair, err
	}
	if bytes.Contains(key, []byte("ENCRYPTED")) {
		return pair, fmt.Errorf("--%s %s has a passphrase; give the key without it, as openssl pkey writes it", keyFlag, called(keyFile))
	}
	if pair, err = tls.X509KeyPair(cert, key); err != nil {
		return pair, fmt.Errorf("--%s %s and --%s %s are no pair in PEM: %w", certFlag, called(certFile), keyFlag, called(keyFile), err)
	}
	return pair, nil
}

// lasting is the name of a file that a script can use elsewhere; "" for one that has
// none.
func lasting(path string) string {
	if path == "" || path == "-" {
		return ""
	}
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}
