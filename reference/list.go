package reference

import (
	"io"
	"iter"
)

// oneList is an object whose one member is a list. It is encoded element by element:
// a long one is never in memory as a whole.
type oneList struct {
	name     string
	elements iter.Seq[any]
}

// listOf is the list of what bodyOf makes of each row.
func listOf[T, B any](name string, rows []T, bodyOf func(T) B) oneList {
	return oneList{name, func(yield func(any) bool) {
		for _, row := range rows {
			if !yield(bodyOf(row)) {
				return
			}
		}
	}}
}

// writeTo ends early where the client is gone; there is nobody to tell.
func (l oneList) writeTo(w io.Writer) {
	between := `{"` + l.name + `":[`
	for element := range l.elements {
		t, _ := encode(element) // a row's body always encodes
		if _, err := io.WriteString(w, between); err != nil {
			return
		}
		t.Truncate(t.Len() - 1) // the end of a line
		t.writeTo(w)
		between = ","
	}
	if between != "," { // nothing is in it
		_, _ = io.WriteString(w, between)
	}
	_, _ = io.WriteString(w, "]}\n")
}
