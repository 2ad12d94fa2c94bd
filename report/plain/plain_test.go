package plain

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"letters", "Grüße, 世界 😀", "Grüße, 世界 😀"},
		{"lines stay", "a\nb", "a\nb"},
		{"colour", "\x1b[31mred", `\x1b[31mred`},
		{"eight bits", "\u009b2J", `\u009b2J`},
		{"right to left", "\u202eabc", `\u202eabc`},
		{"tab, return, zero", "\t\r\x00", `\t\r\x00`},
		{"no character", "\xff", "\ufffd"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, Text(tt.text))
		})
	}
	assert.Equal(t, `a\nb\x1b`, Line("a\nb\x1b"))
}

func TestWrap(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"one two", "three"}, Wrap(" one two\n three ", 8))
	assert.Equal(t, []string{"überüber ab"}, Wrap("überüber ab", 11), "characters count, not bytes")
	assert.Equal(t, []string{"a", "longerthanall", "b"}, Wrap("a longerthanall b", 4))
	assert.Empty(t, Wrap(" ", 8))
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	require.NoError(t, JSON(&b, map[string]string{"a": "<b> & c"}))
	assert.Equal(t, "{\n  \"a\": \"<b> & c\"\n}\n", b.String())

	const steers = "\u009b2J \x7f \u202e \u200d \U000e0001 \x1b é 世 🎬\n\xff"
	b.Reset()
	require.NoError(t, JSON(&b, steers))
	assert.Equal(t, `"\u009b2J \u007f \u202e \u200d \udb40\udc01 \u001b é 世 🎬\n\ufffd"`+"\n", b.String())
	var again string
	require.NoError(t, json.Unmarshal([]byte(b.String()), &again))
	assert.Equal(t, strings.ToValidUTF8(steers, "\ufffd"), again)
}
