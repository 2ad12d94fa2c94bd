package wire

import (
	"errors"
	"log/slog"
	"strings"
)

// Key is an API key. It prints, logs and encodes as "REDACTED"; only Reveal
// gives the text, for the request header. The text sits in a closure because
// fmt prints unexported fields without asking String. The zero Key is no key.
type Key struct{ reveal func() string }

// NewKey wraps the text of an API key; an empty text is no key.
func NewKey(text string) Key {
	if text == "" {
		return Key{}
	}
	return Key{reveal: func() string { return text }}
}

// Reveal gives the text of the key, "" for the zero Key.
func (k Key) Reveal() string {
	if k.reveal == nil {
		return ""
	}
	return k.reveal()
}

// Check returns an error where no header can carry the key.
func (k Key) Check() error {
	if strings.ContainsFunc(k.Reveal(), func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return errors.New("has a control character, such as a line break")
	}
	return nil
}

// IsZero tells whether there is no key.
func (k Key) IsZero() bool { return k.reveal == nil }

func (Key) String() string               { return redacted }
func (Key) GoString() string             { return redacted }
func (Key) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (Key) MarshalText() ([]byte, error) { return []byte(redacted), nil }
