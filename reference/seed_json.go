package reference

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
)

// topMembers is the arrays of a seed by their names.
func topMembers(text []byte) (map[string]json.RawMessage, error) {
	var any any
	if err := json.Unmarshal(text, &any); err != nil {
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			line := 1 + bytes.Count(text[:min(syntax.Offset, int64(len(text)))], []byte("\n"))
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		return nil, err
	}
	top, err := members(text, "the seed", []string{"users", "dag_actions", "projects", "assets", "collections"})
	return top, err
}

// members takes an object apart. encoding/json would take the last of two
// members of one name, and any spelling of it, silently.
func members(text []byte, where string, known []string) (map[string]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	if open, _ := dec.Token(); open != json.Delim('{') {
		return nil, fmt.Errorf("%s: is not an object", where)
	}
	all := map[string]json.RawMessage{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", where, err)
		}
		name := token.(string)
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("%s: unknown member %q", where, name)
		}
		if _, ok := all[name]; ok {
			return nil, fmt.Errorf("%s: member %q is given twice", where, name)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", where, name, err)
		}
		all[name] = value
	}
	return all, nil
}

// elements decodes the array called name, or none when it is not there.
func elements[T any](top map[string]json.RawMessage, name string) ([]T, error) {
	text, ok := top[name]
	if !ok {
		return nil, nil
	}
	var array []json.RawMessage
	if err := json.Unmarshal(text, &array); err != nil || array == nil {
		return nil, fmt.Errorf("%s: is not an array", name)
	}
	var all []T
	for i, text := range array {
		where := fmt.Sprintf("%s[%d]", name, i)
		if _, err := members(text, where, jsonNames(reflect.TypeFor[T]())); err != nil {
			return nil, err
		}
		var element T
		err := json.Unmarshal(text, &element)
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return nil, fmt.Errorf("%s.%s: is of JSON type %s, want %s", where, wrong.Field, wrong.Value, wrong.Type)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", where, err)
		}
		all = append(all, element)
	}
	return all, nil
}

func jsonNames(t reflect.Type) []string {
	var names []string
	for field := range t.Fields() {
		names = append(names, field.Tag.Get("json"))
	}
	return names
}
