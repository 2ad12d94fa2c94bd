package traffic

import (
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/tidwall/gjson"
)

// outline is a schema as far as it can be looked at in passing: what fits it fits the
// schema, in a tenth of the time. What does not may fit all the same, and the schema tells
// why, so that nothing is found wrong by an outline.
type outline struct {
	isUnsure   bool // the schema has more than is looked at here
	types      map[gjson.Type]bool
	isArray    bool
	isObject   bool
	isInteger  bool // of numbers, those without a fraction or an exponent
	members    map[string]wanted
	required   uint64 // the bits of the members that it has to have
	elements   *outline
	pattern    jsonschema.Regexp
	enum       []string
	either     []*outline
	hasEnum    bool
	isAnything bool
}

// wanted is a member of an object, whose bit tells that it was seen.
type wanted struct {
	of  *outline
	bit uint64
}

func outlineOf(s *jsonschema.Schema) *outline {
	for s.Ref != nil {
		s = s.Ref
	}
	o := &outline{types: map[gjson.Type]bool{}, members: map[string]wanted{}, pattern: s.Pattern}
	o.isUnsure = s.Not != nil || s.Bool != nil || s.Const != nil || s.Format != nil || len(s.AllOf)+len(s.OneOf) > 0 || s.AdditionalProperties != nil
	for _, either := range s.AnyOf {
		o.either = append(o.either, outlineOf(either))
	}
	for name, of := range s.Properties {
		o.members[name] = wanted{of: outlineOf(of)}
	}
	for i, name := range s.Required {
		bit := uint64(1) << i
		o.isUnsure = o.isUnsure || bit == 0
		o.required |= bit
		o.members[name] = wanted{o.members[name].of, bit}
	}
	if s.Items2020 != nil {
		o.elements = outlineOf(s.Items2020)
	}
	if s.Enum != nil {
		o.hasEnum = true
		for _, value := range s.Enum.Values {
			if text, isText := value.(string); isText {
				o.enum = append(o.enum, text)
			}
		}
	}
	o.allow(s.Types)
	return o
}

// allow takes in of which types a value may be.
func (o *outline) allow(types *jsonschema.Types) {
	if types == nil {
		o.isAnything = true
		return
	}
	for _, name := range types.ToStrings() {
		switch name {
		case "null":
			o.types[gjson.Null] = true
		case "boolean":
			o.types[gjson.True], o.types[gjson.False] = true, true
		case "string":
			o.types[gjson.String] = true
		case "number":
			o.types[gjson.Number] = true
		case "integer":
			o.isInteger = !o.types[gjson.Number]
			o.types[gjson.Number] = true
		case "array":
			o.isArray = true
		case "object":
			o.isObject = true
		}
	}
}

// fits tells of a value of valid JSON that it surely fits the schema.
func (o *outline) fits(value gjson.Result) bool {
	fitsEither := func(either *outline) bool { return either.fits(value) }
	if o.isUnsure || len(o.either) > 0 && !slices.ContainsFunc(o.either, fitsEither) {
		return false
	}
	switch {
	case value.IsObject():
		return (o.isAnything || o.isObject) && !o.hasEnum && o.fitsObject(value)
	case value.IsArray():
		return (o.isAnything || o.isArray) && !o.hasEnum && o.fitsArray(value)
	}
	text := value.Type == gjson.String
	return (o.isAnything || o.types[value.Type]) &&
		(!o.isInteger || value.Type != gjson.Number || !strings.ContainsAny(value.Raw, ".eE")) &&
		(!o.hasEnum || text && slices.Contains(o.enum, value.String())) &&
		(o.pattern == nil || !text || o.pattern.MatchString(value.String()))
}

func (o *outline) fitsObject(value gjson.Result) bool {
	fits, seen := true, uint64(0)
	value.ForEach(func(key, value gjson.Result) bool {
		m := o.members[key.String()]
		seen |= m.bit
		fits = m.of == nil || m.of.fits(value)
		return fits
	})
	return fits && seen&o.required == o.required
}

func (o *outline) fitsArray(value gjson.Result) bool {
	fits := true
	value.ForEach(func(_, element gjson.Result) bool {
		fits = o.elements == nil || o.elements.fits(element)
		return fits
	})
	return fits
}
