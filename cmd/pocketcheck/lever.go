package main

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usualControl is where the documentation lets a mock listen for its levers.
const usualControl = "127.0.0.1:9001"

// leverFlags are how a mock's levers are reached.
type leverFlags struct {
	controlFlags
	caFile string
}

func (f *leverFlags) add(fs *pflag.FlagSet) {
	fs.StringVar(&f.address, "control", "", "where the mock has its levers: "+usualControl+" without it, or what POCKETCHECK_CONTROL says")
	fs.StringVar(&f.tokenFile, "control-token-file", "", "file that holds the token that it wants, as POCKETCHECK_CONTROL_TOKEN does")
	fs.StringVar(&f.caFile, "ca-file", "", "PEM file of certificates to trust besides the system's")
}

// client gives the levers. The address may be written as serve --control has it.
func (f *leverFlags) client(cmd *cobra.Command) (*control.Client, error) {
	if err := errors.Join(unknownVariables(cmd.Root())...); err != nil {
		return nil, err
	}
	f.address = cmp.Or(f.address, os.Getenv(environment("control")), usualControl)
	at, err := leverURL(f.address)
	if err != nil {
		return nil, err
	}
	token, err := f.token(cmd)
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{}
	if err := (&connection{caFile: f.caFile}).trust(cmd, transport.TLSClientConfig); err != nil {
		return nil, err
	}
	return &control.Client{URL: at, Token: token.Reveal(), HTTP: &http.Client{Transport: transport}}, nil
}

// leverURL takes a URL, or an address such as :9001.
func leverURL(address string) (string, error) {
	text := address
	if !strings.Contains(text, "://") {
		host, port, err := net.SplitHostPort(text)
		if err != nil {
			return "", fmt.Errorf("--control %s: want an address with a port, such as %s, or a URL", mistyped(address), usualControl)
		}
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "127.0.0.1" // all of this machine's are this one, too
		}
		text = "http://" + net.JoinHostPort(host, port)
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" {
		return "", fmt.Errorf("--control: want an address with a port, such as %s, or a URL such as http://%s", usualControl, usualControl)
	}
	return strings.TrimSuffix(text, "/"), nil
}

// worked says of an error of a lever what to do, with the code to end with.
func worked(c *control.Client, err error) error {
	if err == nil {
		return nil
	}
	if refused, ok := errors.AsType[*control.Error](err); ok {
		if refused.Status == http.StatusUnauthorized {
			return fmt.Errorf("%w; give it by --control-token-file or %s", err, tokenVariable)
		}
		return err
	}
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
		return exitError{exitInconclusive, fmt.Errorf("no mock has its levers at %s (%w); start one: pocketcheck serve --control %s", c.URL, dial.Err, usualControl)}
	}
	if _, isUnknown := errors.AsType[x509.UnknownAuthorityError](err); isUnknown {
		err = fmt.Errorf("%w; give the certificate by --ca-file", err)
	}
	if _, isUnanswered := errors.AsType[*url.Error](err); isUnanswered || errors.Is(err, control.ErrNoMock) {
		return exitError{exitInconclusive, err}
	}
	return err // of what was asked
}
