//go:build race

package pocketcheck_test

const raced = true
