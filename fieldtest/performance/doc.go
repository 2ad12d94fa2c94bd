// Package performance measures what the suite and the reference cost, as ratios to the
// least that the same work can cost, in turns within one run, and holds what no clock is
// needed for. It has tests and a benchmark alone.
package performance
