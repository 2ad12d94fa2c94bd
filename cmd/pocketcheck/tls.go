package main

import (
	"crypto/tls"
	"errors"
	"net"

	"github.com/spf13/cobra"
)

// tlsFlags are what a server shows to clients that take https alone.
type tlsFlags struct{ cert, key string }

// config is how TLS is spoken; nil where it isn't.
func (f tlsFlags) config(cmd *cobra.Command) (*tls.Config, error) {
	if (f.cert == "") != (f.key == "") {
		return nil, errors.New("--tls-cert and --tls-key: give both")
	}
	if f.cert == "" {
		return nil, nil
	}
	pair, err := keyPair(cmd, "tls-cert", f.cert, "tls-key", f.key)
	if err != nil {
		return nil, err
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12}, nil
}

// scheme is that of the URLs of a server.
func (f tlsFlags) scheme() string {
	if f.cert == "" {
		return "http"
	}
	return "https"
}

// over gives a listener that speaks TLS, where there is a config.
func over(l net.Listener, config *tls.Config) net.Listener {
	if config == nil {
		return l
	}
	return tls.NewListener(l, config)
}
