package steps

import (
	"context"
	"fmt"
	"strings"

	"github.com/cucumber/godog"
	"github.com/tidwall/gjson"
)

// theseParameters are what a When sends, if it does not say otherwise.
func theseParameters(ctx context.Context, doc *godog.DocString) error {
	worldOf(ctx).when.parameters = doc.Content
	return nil
}

// askWithThese is the When of an operation with the parameters of the Givens, where
// one or two may have another value, as JSON.
func askWithThese(operation string) func(ctx context.Context, key, value, one, two string) error {
	return func(ctx context.Context, key, value, one, two string) error {
		w := worldOf(ctx)
		body := w.when.parameters
		for _, parameter := range []string{one, two} {
			if parameter != "" {
				body = withMember(body, parameter, value)
			}
		}
		return w.ask(ctx, operation, asked{key: key, doc: body})
	}
}

// askWithout is the When of an operation without one of the parameters of the Givens.
func askWithout(operation string) func(context.Context, string) error {
	return func(ctx context.Context, parameter string) error {
		w := worldOf(ctx)
		body, err := withoutMember(w.when.parameters, parameter)
		if err != nil {
			return err
		}
		return w.ask(ctx, operation, asked{doc: body})
	}
}

// withMember gives an object with another value of a member, or with one more.
func withMember(object, name, value string) string {
	start, end := placeOfMember(object, name)
	member := fmt.Sprintf("%q: %s", name, value)
	if end == 0 {
		last := strings.LastIndexByte(object, '}')
		return strings.TrimRight(object[:last], " \n\t") + ", " + member + object[last:]
	}
	return object[:start] + member + object[end:]
}

func withoutMember(object, name string) (string, error) {
	start, end := placeOfMember(object, name)
	if end == 0 {
		return "", fault{fmt.Errorf("there is no parameter %q among those of the Givens", name)}
	}
	before, after := object[:start], object[end:]
	if strings.HasPrefix(strings.TrimSpace(after), "}") { // the comma ahead of it goes, too
		before = strings.TrimRight(before, ", \n\t")
	} else {
		after = after[strings.IndexByte(after, ',')+1:]
	}
	return before + after, nil
}

// placeOfMember gives where a member of an object begins and ends; 0, 0 without it.
func placeOfMember(object, name string) (start, end int) {
	value := gjson.Get(object, gjson.Escape(name))
	if !value.Exists() {
		return 0, 0
	}
	return strings.LastIndex(object[:value.Index], `"`+name+`"`), value.Index + len(value.Raw)
}
