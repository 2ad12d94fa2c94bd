package steps

import (
	"math/big"
	"strconv"
)

// integer gives the digits of a JSON number that is one, however it is written:
// 445, 445.0 and 4.45e2 are the same, and many writers of JSON know only floats.
func integer(raw string) (digits string, ok bool) {
	// big.Rat would fill memory with the zeros of 1e999999999.
	if f, err := strconv.ParseFloat(raw, 64); err != nil || f > 1e30 || f < -1e30 || len(raw) > 50 {
		return "", false
	}
	n, ok := new(big.Rat).SetString(raw)
	if !ok || !n.IsInt() {
		return "", false
	}
	return n.Num().String(), true
}
