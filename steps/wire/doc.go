// Package wire is what the suite sends to a target and gets back: requests made of
// what a scenario knows, the client that sends them, tries again and records, the
// script that repeats them, and the keys, which no text may show.
package wire
