package fault

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// everyObject lets f change each object of an answer.
func everyObject(f func(map[string]any)) edit {
	return func(_ *exchange, body any) any {
		visit(body, func(v any) {
			if object, isObject := v.(map[string]any); isObject {
				f(object)
			}
		})
		return body
	}
}

// everyList lets f change each array of an answer, in place.
func everyList(f func([]any)) edit {
	return func(_ *exchange, body any) any {
		visit(body, func(v any) {
			if list, isList := v.([]any); isList {
				f(list)
			}
		})
		return body
	}
}

// visit calls f with all that v holds, from the leaves up, and with v.
func visit(v any, f func(any)) {
	switch v := v.(type) {
	case map[string]any:
		for _, child := range v {
			visit(child, f)
		}
	case []any:
		for _, child := range v {
			visit(child, f)
		}
	}
	f(v)
}

func reversedList(list []any) { slices.Reverse(list) }

func furtherMembers(object map[string]any) {
	object["_links"] = map[string]any{"self": nil}
	object["type"], object["errors_count"], object[""] = "further", 0, []any{}
}

// unsaid has a member for an error also where there is none.
func unsaid(_ *exchange, body any) any {
	if object, isObject := body.(map[string]any); isObject && !has(object, "error") {
		object["error"] = nil
	}
	return body
}

// has tells whether an object has a member of the document.
func has(object map[string]any, name string) bool { _, there := object[name]; return there }

func namedUser(object map[string]any) {
	if has(object, "avatar_url") {
		object["first_name"], object["last_name"] = "Zoë", "O'Hara-東"
		object["avatar_url"] = map[string]any{"small": "https://www.example.com/a.png"}
	}
}

func namelessUser(object map[string]any) {
	if has(object, "avatar_url") {
		object["first_name"], object["last_name"], object["avatar_url"] = nil, nil, nil
	}
}

func mentioning(object map[string]any) {
	if has(object, "mentioned_users") {
		object["mentioned_users"] = []any{map[string]any{"id": 2}, "editor@example.com", 3}
	}
}

// fullAsset has a value where the examples record null.
func fullAsset(object map[string]any) {
	if !has(object, "drop_folder_id") {
		return
	}
	object["parent_id"], object["project_id"], object["drop_folder_id"] = "p", 7, []any{"d"}
	object["md5_sum"] = "c6779ec2960296ed9a04f08d67f64422"
	object["original_filename"] = "test_filename.jpg"
}

// undescribed is a DAG action that has no more than a name.
func undescribed(object map[string]any) {
	if has(object, "name") && has(object, "description") {
		object["description"], object["category"] = nil, nil
	}
}

// flaggedAsDeleted tells what is in the trash bin by true.
func flaggedAsDeleted(object map[string]any) {
	if has(object, "drop_folder_id") && object["deleted"] != nil {
		object["deleted"] = true
	}
}

func taggedByAI(object map[string]any) {
	if has(object, "ai_tags") {
		object["ai_tags"] = []any{"test", "tag"}
	}
}

// finished lists runs that came to their end.
func finished(_ *exchange, body any) any {
	with("dag_action_runs.*.status", "completed")(nil, body)
	return with("dag_action_runs.*.dag_action_run_messages.*.message", "Completed.")(nil, body)
}

// severalMessages starts a run that has said more already.
func severalMessages(_ *exchange, body any) any {
	return altering("dag_action_run.dag_action_run_messages", func(v any) any {
		messages, _ := v.([]any)
		started := decoded(encoded(messages[0]))
		started = with("message", "Started.")(nil, started)
		return append([]any{started}, messages...)
	})(nil, body)
}

// withFurtherEvents puts the events between others, of other targets.
func withFurtherEvents(v any) any {
	all, _ := v.([]any)
	viewed := map[string]any{"id": "e1", "event_type": "ASSET_VIEWED", "event_targets": nil}
	mailed := map[string]any{"id": 0, "event_type": "MAIL_SENT", "event_targets": []any{
		map[string]any{"target_type": "User", "target": map[string]any{"id": 1}},
	}}
	return slices.Concat([]any{viewed}, all, []any{mailed})
}

// pagesOfOne gives the first event of a page alone; the next one follows it.
func pagesOfOne(_ *exchange, body any) any {
	history := member(body, "history")
	events, _ := member(history, "results").([]any)
	if len(events) == 0 {
		return body
	}
	with("results", events[:1])(nil, history)
	if len(events) > 1 {
		with("next_cursor", member(events[0], "id"))(nil, history)
	}
	return body
}

// retypedCursor gives cursors as strings.
var retypedCursor = altering("history.next_cursor", func(v any) any {
	if n, isNumber := v.(json.Number); isNumber {
		return n.String()
	}
	return v
})

// worded lets f say otherwise what is wrong with a parameter, where no example of
// the endpoint shows how it is said.
func worded(f func(parameter, rule string) string) func(*exchange, any) any {
	return func(x *exchange, body any) any {
		m := faulty.FindStringSubmatch(errorOf(x))
		if m == nil || shown[m[0]] {
			return body
		}
		return with("error", f(m[1]+m[2], cmp.Or(m[3], "Must be a String")))(x, body)
	}
}

var faulty = regexp.MustCompile(`^(?:Missing parameter (\w+)|Invalid parameter '(\w+)' value .*?: (Must .*))$`)

// shown are the texts that examples show.
var shown = map[string]bool{
	"Missing parameter title": true,
	`Invalid parameter 'media_type' value "image": Must be one of: <code>article</code>.`: true,
}

var (
	// missingIsInvalid is how a library says it for which nil is a value.
	missingIsInvalid = worded(func(parameter, rule string) string {
		return "Invalid parameter '" + parameter + "' value nil: " + rule
	})
	// sentences is how Rails says it of the attributes of a model.
	sentences = worded(func(parameter, _ string) string {
		return "Validation failed: " + capitalised(strings.ReplaceAll(strings.TrimSuffix(parameter, "_id"), "_", " ")) + " is invalid"
	})
	// camelCase is how a schema in another language says it.
	camelCase = worded(func(parameter, _ string) string {
		words := strings.Split(parameter, "_")
		for i := range words[1:] {
			words[i+1] = capitalised(words[i+1])
		}
		return "body/" + strings.Join(words, "") + " has the wrong type"
	})
)

var inspected = regexp.MustCompile(`^(Invalid parameter '\w+' value )[^"].*(: Must be .*)$`)

// inspectedOtherwise prints what is no string in another way.
func inspectedOtherwise(x *exchange, body any) any {
	if inspected.MatchString(errorOf(x)) {
		return with("error", inspected.ReplaceAllString(errorOf(x), "${1}#<Object:0x0000>${2}"))(x, body)
	}
	return body
}
