// Package fieldtest has the tests of runs as users meet them: networks, gateways, caches
// and outages on the way, servers that are half written, keys that are refused, and go
// test itself. The tests of what the suite asserts are in the root.
package fieldtest
