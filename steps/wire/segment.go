package wire

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// LongestID is more than any id needs, and less than a report can't bear.
const LongestID = 1 << 10

// Unfit says why no documented path has a place for an id, however it is escaped: a
// request with it would be one to another path, or to none. "" where one has.
func Unfit(id string) string {
	if why := UnfitCursor(id); why != "" {
		return why
	}
	if strings.ContainsAny(id, `/\`) {
		return "has a slash, which would be another path"
	}
	return ""
}

// UnfitCursor does so for a cursor, of which nobody but the target is to know what it
// is: it may have slashes, as base64 does, and they are escaped.
func UnfitCursor(cursor string) string {
	if len(cursor) > LongestID {
		return fmt.Sprintf("has %d bytes, more than the %d that the suite takes", len(cursor), LongestID)
	}
	if strings.ContainsFunc(cursor, unicode.IsControl) {
		return "has a control character, which no path can carry"
	}
	for segment := range strings.FieldsFuncSeq(cursor, func(c rune) bool { return c == '/' || c == '\\' }) {
		if segment == "." || segment == ".." {
			return "is a segment of dots, which would be another path"
		}
	}
	return ""
}

// ErrPath tells of a request that was not sent.
var ErrPath = errors.New("not sent: an id in its path would make it a request to another")

// CheckPath returns [ErrPath] where the path of a request, as it is escaped, has a segment
// that no id may be. The last may be a cursor.
func CheckPath(path string, cursor bool) error {
	path, _, _ = strings.Cut(path, "?")
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range segments {
		text, err := url.PathUnescape(s)
		unfit := Unfit
		if cursor && i == len(segments)-1 {
			unfit = UnfitCursor
		}
		if err == nil && (text == "" || unfit(text) != "") { // net/http refuses what is no escape
			return ErrPath
		}
	}
	return nil
}
