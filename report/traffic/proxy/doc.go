// Package proxy stands between a client and a server, hands on what each of them sends
// byte for byte, and gives the exchanges to who looks at them.
package proxy
