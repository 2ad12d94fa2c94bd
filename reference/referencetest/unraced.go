//go:build !race

package referencetest

const raced = false
