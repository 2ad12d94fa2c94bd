package crashtest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// gone is the value of what was deleted. It is final: no id is given twice.
const gone = "(gone)"

// abandoned is how long the reference may work on a request whose client is
// gone: it gives up after 10 s.
const abandoned = 12 * time.Second

// register is what is known of one value behind the API, such as a title: all
// that it may be. An acknowledged write makes it definite, one of unknown outcome
// adds a possibility, a refusal changes nothing.
//
// That is sound, since the writers of an asset take turns: each holds the lock of
// the asset's row until it has committed, and writes nothing when the row has
// another version than it had read. So the one that gets the lock last has the
// last word, and only that is to be known of a write of unknown outcome: whether
// it may still get the lock after another one was sent.
//
//   - Answered with a 500, it may not: the reference sends no further statement,
//     and a COMMIT on its way holds the lock until it arrives or never does.
//   - Not answered, it may, until the reference gives up. Thus a possibility
//     outlasts the acknowledged writes that were sent before then.
type register struct {
	possible []possibility // in the order in which they were sent
	past     []string      // what it can't be any more
}

type possibility struct {
	value string
	until time.Time // its write gets no lock after that
}

// set is an acknowledged write.
func (r *register) set(value string, sent time.Time) {
	r.forget(len(r.possible), sent)
	r.possible = slices.Insert(r.possible, 0, possibility{value: value})
	r.finish(value)
}

// maybe is a write of unknown outcome.
func (r *register) maybe(value string, until time.Time) {
	r.possible = append(r.possible, possibility{value, until})
}

// saw is a read; false if there can't be such a value. A write that shows got the
// lock after those before it.
func (r *register) saw(value string, asked time.Time) bool {
	first := slices.IndexFunc(r.possible, func(p possibility) bool { return p.value == value })
	if first < 0 {
		return false
	}
	r.forget(first, asked)
	r.finish(value)
	return true
}

// forget drops the first n possibilities, but for those that may yet come.
func (r *register) forget(n int, at time.Time) {
	var kept []possibility
	for i, p := range r.possible {
		if i >= n || p.until.After(at) {
			kept = append(kept, p)
		} else {
			r.past = append(r.past, p.value)
		}
	}
	r.possible = kept
}

func (r *register) finish(value string) {
	if value == gone {
		for _, p := range r.possible {
			r.past = append(r.past, p.value)
		}
		r.possible = []possibility{{value: gone}}
	}
}

func (r *register) may(value string) bool { return slices.Contains(r.values(), value) }

// must tells whether it can be nothing else.
func (r *register) must(value string) bool {
	return !slices.ContainsFunc(r.possible, func(p possibility) bool { return p.value != value })
}

// was tells whether it once was or may have been so, and can't be any more.
func (r *register) was(value string) bool {
	return slices.Contains(r.past, value) && !r.may(value)
}

func (r *register) values() []string {
	var all []string
	for _, p := range r.possible {
		all = append(all, p.value)
	}
	return all
}

func second(n int) time.Time { return time.Unix(int64(n), 0) }

func TestRegister(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		does func(*register)
		want []string
		past []string
	}{
		{"an acknowledged write", func(r *register) { r.set("b", second(1)) }, []string{"b"}, []string{"a"}},
		{"a 500", func(r *register) { r.maybe("b", second(1)) }, []string{"a", "b"}, nil},
		{"a 500 before an acknowledged write",
			func(r *register) { r.maybe("b", second(1)); r.set("c", second(2)) }, []string{"c"}, []string{"a", "b"}},
		{"no answer before an acknowledged write",
			func(r *register) { r.maybe("b", second(3)); r.set("c", second(2)) }, []string{"c", "b"}, []string{"a"}},
		{"a 500 that shows",
			func(r *register) { r.maybe("b", second(1)); r.maybe("c", second(2)); r.saw("b", second(3)) }, []string{"b", "c"}, []string{"a"}},
		{"a 500 that does not show yet",
			func(r *register) { r.maybe("b", second(1)); r.saw("a", second(2)) }, []string{"a", "b"}, nil},
		{"a later write that shows before one without an answer",
			func(r *register) { r.maybe("b", second(9)); r.maybe("c", second(2)); r.saw("c", second(3)) }, []string{"b", "c"}, []string{"a"}},
		{"a deletion that shows",
			func(r *register) { r.maybe(gone, second(9)); r.maybe("b", second(9)); r.saw(gone, second(1)) },
			[]string{gone}, []string{"a", gone, "b"}},
	} {
		r := &register{}
		r.set("a", second(0))
		tt.does(r)
		assert.Equal(t, tt.want, r.values(), tt.name)
		assert.Equal(t, tt.past, r.past, tt.name)
		assert.False(t, r.saw("never written", second(4)), tt.name)
	}
}
