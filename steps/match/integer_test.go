package match

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestInteger(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"445": "445", "445.0": "445", "4.45e2": "445", "4450E-1": "445", "-0.0": "0", "9007199254740993": "9007199254740993",
		"9007199254740993.0": "9007199254740993", "1e30": "1000000000000000000000000000000",
		"0e-999999": "", "0e31": "", "445.5": "", "1e999999999": "", "1e-999999999": "", "-1e31": "",
	} {
		digits, ok := Integer(raw)
		assert.Equal(t, want, digits, raw)
		assert.Equal(t, want != "", ok, raw)
	}
}
