// Package traffic looks at exchanges that others made, a client's with a mock or with a
// real server: which of the document's facts they are, what the document finds wrong with
// the request and with the answer, and what comes of all of them.
package traffic
