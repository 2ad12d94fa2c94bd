package fault

// textParameter is the faults of what must be a String.
func textParameter(operation, name string) []Variant {
	fact := operation + ".valid-" + name
	return []Variant{
		fault(fact+"/numbers-accepted", sends(name, aNumber), passing(with(name, "123"))),
		fault(fact+"/booleans-accepted", sends(name, aBool), passing(with(name, "true"))),
		fault(fact+"/arrays-accepted", sends(name, aList), passing(with(name, "x"))),
		fault(fact+"/full-stop", says("Invalid parameter '"+name+"'"), reworded("error")).strict(),
		fault(fact+"/unnamed", says("Invalid parameter '"+name+"'"), with("error", "Must be a String")),
		fault(fact+"/status-400", says("Invalid parameter '"+name+"'"), coded(400)),
	}
}

// tagsParameter is the faults of tags, which must be an array of String.
func tagsParameter(operation string) []Variant {
	fact := operation + ".valid-tags"
	return []Variant{
		fault(fact+"/string-accepted", sends("tags", aString), passing(with("tags", []any{"x"}))),
		fault(fact+"/numbers-accepted", sends("tags", numbers), passing(with("tags", []any{"1"}))),
		fault(fact+"/numbers-dropped", sends("tags", numbers), passing(with("tags", []any{}))),
		fault(fact+"/full-stop", says("Invalid parameter 'tags'"), reworded("error")).strict(),
		fault(fact+"/unnamed", says("Invalid parameter 'tags'"), with("error", "Must be an array of String")),
		fault(fact+"/must-be-a-string", says("Invalid parameter 'tags'"), with("error", `Invalid parameter 'tags' value "x": Must be a String`)).strict(),
		fault(fact+"/string-without-quotes", says(`value "x"`), with("error", "Invalid parameter 'tags' value x: Must be an array of String")).strict(),
		fault(fact+"/array-left-out", says("value [1]"), with("error", "Invalid parameter 'tags' value : Must be an array of String")).strict(),
	}
}

func numbers(v any) bool {
	all, _ := v.([]any)
	return len(all) > 0 && aNumber(all[0])
}
