package wire

import (
	"crypto/tls"
	"errors"
	"sync/atomic"
)

// certificates knows whether a target asks for a certificate that it does not get: the
// alert that says so is often lost, since the connection ends while a request is
// written.
type certificates struct{ asked, answered atomic.Bool }

// errWantsCertificate is why a target that asks for one ends the connection.
var errWantsCertificate = errors.New("it wants a certificate of the client")

// watch gives a configuration that tells of a target that asks for a certificate.
func (c *certificates) watch(config *tls.Config) *tls.Config {
	if config == nil {
		config = &tls.Config{}
	}
	if len(config.Certificates) > 0 || config.GetClientCertificate != nil {
		return config
	}
	watched := config.Clone()
	watched.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		c.asked.Store(true)
		return &tls.Certificate{}, nil // none
	}
	return watched
}

// explain gives why a request was not answered. A target that ever answered does
// without a certificate.
func (c *certificates) explain(err error) error {
	if isTimeout(err) || !c.asked.Load() || c.answered.Load() {
		return err
	}
	return errors.Join(errWantsCertificate, err)
}
