// Package performance measures what the suite and the reference cost, as ratios to the
// least that the same work can cost, in turns within one run. It has a benchmark alone.
package performance
