package reference

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// topMembers is the arrays of a seed, or of what else is made like one, by their names.
func topMembers(text []byte, what string, names ...string) (map[string]json.RawMessage, error) {
	var any any
	if err := json.Unmarshal(text, &any); err != nil {
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			line := 1 + bytes.Count(text[:min(syntax.Offset, int64(len(text)))], []byte("\n"))
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		return nil, err
	}
	return members(text, what, names)
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
			return nil, fmt.Errorf("%s: unknown member %q; there are %s", where, name, strings.Join(known, ", "))
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
func elements[T any](top map[string]json.RawMessage, name string) (all []T, err error) {
	err = into(&all, top, name)
	return all, err
}

// into decodes the array called name into all.
func into[T any](all *[]T, top map[string]json.RawMessage, name string) error {
	text, ok := top[name]
	if !ok {
		return nil
	}
	var array []json.RawMessage
	if err := json.Unmarshal(text, &array); err != nil || array == nil {
		return fmt.Errorf("%s: is not an array", name)
	}
	for i, text := range array {
		var element T
		if err := decode(text, fmt.Sprintf("%s[%d]", name, i), &element); err != nil {
			return err
		}
		*all = append(*all, element)
	}
	return nil
}

// decode decodes an object member by member, so that each error says where it is.
func decode[T any](text []byte, where string, element *T) error {
	values, err := members(text, where, jsonNames(reflect.TypeFor[T]()))
	if err != nil {
		return err
	}
	for field, value := range reflect.ValueOf(element).Elem().Fields() {
		name := field.Tag.Get("json")
		if values[name] == nil {
			continue
		}
		err := json.Unmarshal(values[name], value.Addr().Interface())
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return fmt.Errorf("%s.%s: is of JSON type %s, want %s", where, name, wrong.Value, wrong.Type)
		}
		if err != nil {
			return fmt.Errorf("%s.%s: %w", where, name, err)
		}
	}
	return nil
}

func jsonNames(t reflect.Type) []string {
	var names []string
	for field := range t.Fields() {
		if name := field.Tag.Get("json"); name != "-" {
			names = append(names, name)
		}
	}
	return names
}
