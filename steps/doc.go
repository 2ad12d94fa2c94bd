// Package steps drives a target through the scenarios of the features: the
// vocabulary (given, when, then), the world of one scenario, the exchanges with
// the target and the failures that they show.
package steps
