// Package fault holds servers that differ from the reference in one way: faults,
// which break one fact of the document, freedoms, which the document allows, and
// null servers, which answer without having understood the request. A suite that
// checks them is checked by them.
package fault

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/reference"
)

// Variant is a server that differs from the reference in one way; the zero value
// does not.
type Variant struct {
	Name   string   // of a fault: "comments.update.not-owner/owner-not-checked", after its fact
	Fact   string   // of a fault: the id of the fact that it breaks, with those that say it again
	Blames []string // of a fault: the facts that fail in place of its own, where no documented request tells them apart
	Strict bool     // of a fault: in a text that no example shows, so that it is one for strict wording, and a freedom else
	Allows string   // of a freedom: the document's sentence, or its silence, that allows it

	at    string // the operation that differs, such as "comments.update"; "": all
	when  when
	acts  []act
	parts []Variant // which it has all of, the innermost first
}

// Server returns the variant over store, and the reference below it, which has
// the state and the control of the variant. The error is that of
// [reference.New].
func (v Variant) Server(store reference.Store, opts reference.Options) (http.Handler, *reference.Server, error) {
	parts := append([]Variant{v}, v.parts...)
	for _, p := range parts {
		for _, a := range p.acts {
			if a.store != nil {
				store = a.store(store, p.at)
			}
			if a.options != nil {
				a.options(&opts)
			}
		}
	}
	if v.differs() {
		store = noting{store}
	}
	server, err := reference.New(store, opts)
	if err != nil {
		return nil, nil, fmt.Errorf("make the server %q: %w", v.Name, err)
	}
	if !v.differs() {
		return server, server, nil
	}
	return wrapped(server, parts), server, nil
}

// wrapped has parts of a variant between the reference and its clients.
func wrapped(handler http.Handler, parts []Variant) http.Handler {
	for _, p := range parts {
		handler = p.exchanging(handler)
	}
	for _, p := range parts {
		for _, a := range p.acts {
			if a.around != nil {
				handler = a.around(handler)
			}
		}
	}
	return noted(handler)
}

// differs tells whether there is anything between the reference and its clients.
func (v Variant) differs() bool {
	return len(v.acts) > 0 || slices.ContainsFunc(v.parts, Variant.differs)
}

// Together is a server that has all of the variants, the innermost first: each
// changes what those before it answer.
func Together(all ...Variant) Variant {
	names := make([]string, len(all))
	for i, v := range all {
		names[i] = v.Name
	}
	return Variant{Name: strings.Join(names, " + "), parts: all}
}

// exchanges tells whether the variant differs in requests or answers.
func (v Variant) exchanges() bool {
	return slices.ContainsFunc(v.acts, func(a act) bool { return a.before != nil || a.after != nil })
}

// concerns tells whether the variant may differ in what is asked for.
func (v Variant) concerns(ctx context.Context) bool {
	operation := asking(ctx).operation
	return operation != "" && (v.at == "" || v.at == operation)
}

// hits tells whether the variant differs in this exchange.
func (v Variant) hits(x *exchange) bool {
	return v.concerns(x.request.Context()) && (v.when == nil || v.when(x))
}

// Faults returns the faults in the order of the document's endpoints.
func Faults() []Variant {
	all := slices.Concat(everywhere(), comments, commentWrites, dagActions, history, assets,
		assetCreation, assetUpdate, media, mediaAddition, trash, projects, collections)
	slices.SortStableFunc(all, func(a, b Variant) int { return place(a.Fact) - place(b.Fact) })
	return all
}

// fault is a defect of the operation that its fact is about.
func fault(name string, when when, acts ...acting) Variant {
	fact, _, _ := strings.Cut(name, "/")
	return Variant{Name: name, Fact: fact, at: operationOf(fact), when: when, acts: actsOf(acts)}
}

// blaming says which facts fail in place of the fault's own.
func (v Variant) blaming(facts ...string) Variant {
	v.Blames = facts
	return v
}

// strict says that the fault is in a text that no example of its endpoint shows.
func (v Variant) strict() Variant {
	v.Strict = true
	return v
}

// act is what a variant does: to the request, to the answer, in the store, with
// the options of the reference, or around all of it. What is nil is not done.
type act struct {
	before  func(*exchange)
	after   func(*exchange)
	store   func(s reference.Store, at string) reference.Store
	options func(*reference.Options)
	around  func(http.Handler) http.Handler
}

// acting is what a line of a list may hold: an act, or an edit of the answer.
type acting interface{ act() act }

func (a act) act() act { return a }

func actsOf(all []acting) []act {
	acts := make([]act, len(all))
	for i, a := range all {
		acts[i] = a.act()
	}
	return acts
}

func stores(wrap func(s reference.Store, at string) reference.Store) act { return act{store: wrap} }
