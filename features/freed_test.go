package features_test

import (
	"encoding/json"
	"path"
	"regexp"
	"strings"
)

// freedom is a place of a recorded answer that a scenario may leave open, as
// its placeholder says. The path has keys only; fact narrows it to one.
type freedom struct{ path, placeholder, why, fact string }

const (
	anID     = "ids are the target's"
	madeIt   = "the id is that of what the scenario made"
	when     = "only the format of a timestamp is documented"
	who      = "users and their e-mail addresses are the target's"
	null     = "recorded as null: the key is there, whatever its value"
	elastic  = "a string or null over all examples"
	state    = "what a provider state makes has the target's texts"
	optional = "what a provider state makes need not have a description or a category: no asset needs them"
	more     = "the list may hold further ones"
	run      = "how far a run has progressed is free"
)

// freed lists all that the features leave open.
var freed = []freedom{
	{"comments", "#and others", more, ""},
	{"comments/id", "${comment id}", madeIt, ""},
	{"comment/id", "${comment id}", madeIt, ""},
	{"comment/id", "#number", anID, "comments.create.ok"},
	{"*/updated_at", "#timestamp", when, ""},
	{"*/user/id", "#number", who, ""},
	{"*/user/email", "#string", who, ""},
	{"*/user/first_name", "#anything", null, ""},
	{"*/user/last_name", "#anything", null, ""},
	{"*/user/avatar_url", "#anything", null, ""},
	{"*/mentioned_users", "#array", "nothing but its being an array is documented", ""},

	{"dag_actions", "#and others", more, ""},
	{"dag_actions/id", "${DAG action id}", madeIt, ""},
	{"dag_actions/name", "#string", state, ""},
	{"dag_actions/description", "#string or null", optional, ""},
	{"dag_actions/category", "#string or null", optional, ""},
	{"*/dag_action/id", "${DAG action id}", madeIt, ""},
	{"*/dag_action/name", "#string", state, ""},
	{"*/dag_action/description", "#string or null", optional, ""},
	{"*/dag_action/category", "#string or null", optional, ""},
	{"dag_action_run/id", "#number", anID, ""},
	{"dag_action_runs", "#and others", more, ""},
	{"dag_action_runs/id", "${run id}", madeIt, ""},
	{"dag_action_runs/status", "#string", run, ""},
	{"*/created_at", "#timestamp", when, ""},
	{"dag_action_run/dag_action_run_messages", "#and others", more, ""},
	{"dag_action_runs/dag_action_run_messages", "#each", run, ""},
	{"dag_action_runs/dag_action_run_messages/message", "#string", run, ""},
	{"*/dag_action_run_messages/id", "#number", anID, ""},
	{"*/dag_action_run_messages/created_at", "#timestamp", when, ""},

	{"history/next_cursor", "#anything", null, ""},
	{"history/results/id", "#number", anID, ""},
	{"history/results/user_id", "#number", who, ""},
	{"history/results/created_at", "#timestamp", when, ""},
	{"history/results/updated_at", "#timestamp", when, ""},
	{"history/results/event_targets", "#and others", more, ""},
	{"history/results/event_targets/target/id", "#number", anID, ""},
	{"history/results/event_targets/target/elasticsearch_id", "${asset id}", madeIt, ""},

	{"asset/id", "${asset id}", madeIt, ""},
	{"asset/id", "#string", anID, "assets.create.ok"},
	{"asset/id", "#string", anID, "assets.create.ok-article"},
	{"asset/external_id", "#string or null", elastic, ""},
	{"asset/external_id", "${external id}", "external ids are unique on a target", "assets.update.ok"},
	{"asset/parent_id", "#anything", null, ""},
	{"asset/project_id", "#anything", null, ""},
	{"asset/owner", "#string", who, ""},
	{"asset/ai_tags", "#each", "ai_tags are the target's", ""},
	{"asset/ai_tags", "#string", "ai_tags are the target's", ""},
	{"asset/media_type", "#string", "the recorded asset is another", "media.remove.ok"},
	{"asset/original_filename", "#string or null", elastic, ""},
	{"asset/drop_folder_id", "#anything", null, ""},
	{"asset/md5_sum", "#string or null", elastic, ""},
	{"asset/created_date", "#timestamp", when, ""},
	{"asset/modification_date", "#timestamp", when, ""},
	{"asset/deleted", "#anything", null, ""},

	{"collections", "#and others", more, ""},
	{"collections/id", "${collection id}", madeIt, ""},
	{"collections/title", "#string", state, ""},
	{"collections/description", "#string or null", optional, ""},
	{"collections/category", "#anything", null, ""},
	{"collections/tags", "#array", state, ""},
	{"collections/owner", "#string", who, ""},
	{"collections/isPublic", "#boolean", state, ""},
	{"collections/created_date", "#timestamp", when, ""},
	{"collections/modification_date", "#timestamp", when, ""},
	{"collections/original_title", "#string", state, ""},

	{"url", "#anything", null, ""},
}

// isFreed tells whether a scenario of the fact may have the placeholder there,
// and by which freedom.
func isFreed(fact, at, placeholder string) (int, bool) {
	for i, f := range freed {
		match, _ := path.Match(f.path, at)
		if match && f.placeholder == placeholder && (f.fact == "" || f.fact == fact) {
			return i, true
		}
	}
	return 0, false
}

var timestamp = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)

// fits tells whether the recorded value is one that the placeholder stands for.
func fits(placeholder string, recorded any) bool {
	text, isString := recorded.(string)
	_, isNumber := recorded.(json.Number)
	switch placeholder {
	case "#string", "${asset id}", "${external id}", "${collection id}":
		return isString
	case "#string or null":
		return isString || recorded == nil
	case "#number", "${comment id}", "${run id}", "${DAG action id}":
		return isNumber
	case "#timestamp":
		return timestamp.MatchString(text)
	case "#array":
		_, ok := recorded.([]any)
		return ok
	case "#boolean":
		_, ok := recorded.(bool)
		return ok
	case "#anything":
		return recorded == nil // where more is known, more is to be asserted
	}
	return false
}

func isPlaceholder(pattern any) bool {
	text, ok := pattern.(string)
	return ok && (strings.HasPrefix(text, "#") || strings.HasPrefix(text, "${"))
}
