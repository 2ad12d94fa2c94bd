package match

import (
	"math/big"
	"strconv"

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

// exactly reads a number, unless it is too large or too long to be taken apart: big.Rat
// would fill memory with the zeros of 1e999999999.
func exactly(raw string) (*big.Rat, bool) {
	if f, err := strconv.ParseFloat(raw, 64); err != nil || f > 1e30 || f < -1e30 || len(raw) > 50 {
		return nil, false
	}
	return new(big.Rat).SetString(raw)
}
