package match

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// Integer gives the digits of a JSON number that is one, however it is written:
// 445, 445.0 and 4.45e2 are the same, and many writers of JSON know only floats.
func Integer(raw string) (digits string, ok bool) {
	n, ok := exactly(raw)
	if !ok || !n.IsInt() {
		return "", false
	}
	return n.Num().String(), true
}

// Text gives the text of an id: of a string its characters, of a number its digits,
// however it is written; "" of anything else.
func Text(v gjson.Result) string {
	switch v.Type {
	case gjson.String:
		return v.Str
	case gjson.Number:
		if digits, ok := Integer(v.Raw); ok {
			return digits
		}
		return v.Raw
	}
	return ""
}

// The numbers that are taken apart: big.Rat would fill memory, or minutes, with the zeros of
// 1e999999 and of 1e-999999.
const (
	longestNumber   = 50 // characters
	largestExponent = 30
)

// exactly reads a number, unless it would take long.
func exactly(raw string) (*big.Rat, bool) {
	if len(raw) > longestNumber {
		return nil, false
	}
	if at := strings.IndexAny(raw, "eE"); at >= 0 {
		if e, err := strconv.Atoi(raw[at+1:]); err != nil || e > largestExponent || e < -largestExponent {
			return nil, false
		}
	}
	return new(big.Rat).SetString(raw)
}
