package steps

import (
	"context"
	"fmt"
	"strings"

	"github.com/cucumber/godog"
	"github.com/tidwall/gjson"
)

// askWithBut is the When of an operation with a body in which one parameter has
// another value, as JSON.
func askWithBut(operation string) func(context.Context, string, string, *godog.DocString) error {
	return func(ctx context.Context, value, parameter string, doc *godog.DocString) error {
		before, _, after, err := around(doc.Content, parameter)
		if err != nil {
			return err
		}
		return worldOf(ctx).ask(ctx, operation, asked{doc: before + fmt.Sprintf("%q: ", parameter) + value + after})
	}
}

// askWithout is the When of an operation with a body that lacks one parameter.
func askWithout(operation string) func(context.Context, string, *godog.DocString) error {
	return func(ctx context.Context, parameter string, doc *godog.DocString) error {
		before, isLast, after, err := around(doc.Content, parameter)
		if err != nil {
			return err
		}
		if isLast { // the comma ahead of it goes, too
			before = strings.TrimRight(before, ", \n\t")
		} else {
			after = after[strings.IndexByte(after, ',')+1:]
		}
		return worldOf(ctx).ask(ctx, operation, asked{doc: before + after})
	}
}

// around gives what stands before and after a member of an object, and whether it is
// the last.
func around(object, member string) (before string, isLast bool, after string, err error) {
	value := gjson.Get(object, gjson.Escape(member))
	if !value.Exists() {
		return "", false, "", fault{fmt.Errorf("the body has no parameter %q", member)}
	}
	start := strings.LastIndex(object[:value.Index], `"`+member+`"`)
	after = object[value.Index+len(value.Raw):]
	return object[:start], strings.HasPrefix(strings.TrimSpace(after), "}"), after, nil
}
