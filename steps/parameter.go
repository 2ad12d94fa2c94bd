package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// theseParameters are what a When sends, if it does not say otherwise.
func theseParameters(ctx context.Context, parameters string) error {
	worldOf(ctx).when.parameters = parameters
	return nil
}

func anAssetWithThese(ctx context.Context, others string) error {
	parameters, err := withOthers(worldOf(ctx).when.parameters, others)
	if err != nil {
		return err
	}
	return anAssetWith(ctx, parameters)
}

// askWithThese is the When of an operation with the parameters of the Givens, where
// some may have another value: `"x" as title and description and ["y"] as tags`.
func askWithThese(operation string) func(ctx context.Context, key, others string) error {
	return func(ctx context.Context, key, others string) error {
		w := worldOf(ctx)
		body, err := withOthers(w.when.parameters, others)
		if err != nil {
			return err
		}
		return w.ask(ctx, operation, asked{key: key, body: body})
	}
}

// askWithout is the When of an operation without one of the parameters of the Givens.
func askWithout(operation string) func(context.Context, string) error {
	return func(ctx context.Context, parameter string) error {
		w := worldOf(ctx)
		if !gjson.Get(w.when.parameters, parameter).Exists() {
			return fault{fmt.Errorf("there is no parameter %q among those of the Givens", parameter)}
		}
		body, err := sjson.Delete(w.when.parameters, parameter)
		if err != nil {
			return fault{err}
		}
		return w.ask(ctx, operation, asked{body: body})
	}
}

// askWithTitle is the When of an operation with a title of so many characters.
func askWithTitle(operation string) func(context.Context, int, string) error {
	return func(ctx context.Context, characters int, wide string) error {
		character := "X"
		if wide != "" {
			character = "ä"
		}
		return worldOf(ctx).ask(ctx, operation, asked{body: `{"title": "` + strings.Repeat(character, characters) + `"}`})
	}
}

// named is the name of a parameter, before another one or a further value.
var named = regexp.MustCompile(`^(\w+)(?: and |$)`)

// withOthers gives parameters with other values, each as JSON.
func withOthers(parameters, others string) (string, error) {
	for others != "" {
		d := json.NewDecoder(strings.NewReader(others))
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return "", fault{fmt.Errorf("%s begins with no JSON: %w", others, err)}
		}
		rest, isNamed := strings.CutPrefix(others[d.InputOffset():], " as ")
		if !isNamed {
			return "", fault{fmt.Errorf("%s names no parameter", others)}
		}
		for m := named.FindStringSubmatch(rest); m != nil; m = named.FindStringSubmatch(rest) {
			var err error
			if parameters, err = sjson.SetRaw(parameters, m[1], string(value)); err != nil {
				return "", fault{err}
			}
			rest = rest[len(m[0]):]
		}
		others = rest
	}
	return parameters, nil
}
