package main

import (
	"bytes"
	"os"
	"strings"
)

// byteOrderMark is what editors of Windows put before a text, and no part of it.
const byteOrderMark = "\ufeff"

func readText(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	return bytes.TrimPrefix(text, []byte(byteOrderMark)), err
}

// trimmed takes the blanks around the elements of a list away, as people write
// them after a comma.
func trimmed(list []string) []string {
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}
