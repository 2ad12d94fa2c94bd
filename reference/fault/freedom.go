package fault

import (
	"slices"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
)

// freedom is a variation that the document allows.
func freedom(name, allows string, acts ...acting) Variant {
	return Variant{Name: name, Allows: allows, acts: actsOf(acts)}
}

// in is the freedom at one operation, in its successful answers.
func (v Variant) in(operation string) Variant {
	v.at, v.when = operation, ok
	return v
}

// What of the document allows a freedom, where several share it.
const (
	silentOnIDs      = `The examples show ids such as "F-Ihco1txSEhkiRsU4H0" and 1; of their form the document says nothing.`
	silentOnMembers  = "The document shows members and excludes no further ones."
	silentOnHeaders  = "The document names no header of an answer."
	silentOnOrder    = "The document gives lists no order."
	jsonIsJSON       = "The bodies are JSON, whose texts differ for the same value (RFC 8259)."
	httpIsHTTP       = "The document says nothing of how a body travels (RFC 9110)."
	silentOn401      = "401 Unauthorized: no example shows its body."
	silentOnNull     = "The examples record null here and no type."
	silentOnOptional = "Of DAG actions and collections one is shown each; which texts others need, no sentence says. Assets need no description and no category."
	silentOnProgress = "No sentence says how long a run takes, nor what its messages are later."
	silentOnEffects  = "No sentence says that a write shows at once."
	silentOnEvents   = "Get history: one example, of an asset to which nothing else happened."
	silentOnTexts    = "Of a parameter that is missing or mistyped, examples show the text for title, media_type and cursor at one endpoint each."
	silentOnTrash    = "No sentence says how an asset reads while it is in the trash bin."
	silentOnClock    = "The times are the server's; the document compares them with none."
)

// Freedoms returns variations of the reference that conform all the same.
func Freedoms() []Variant { return slices.Clone(freedoms) }

var freedoms = []Variant{
	freedom("ids/uuid", silentOnIDs, newIDs(uuids)),
	freedom("ids/ulid", silentOnIDs, newIDs(ulids)),
	freedom("ids/short-numbers", silentOnIDs, newIDs(shortIDs)),
	freedom("ids/beyond-2^53", silentOnIDs, stores(addsToNumbers)),
	freedom("members/further", silentOnMembers, everyObject(furtherMembers)),
	freedom("members/no-error", silentOnMembers, edit(unsaid)),
	freedom("members/named-as-others", silentOnMembers, with("comments", nil), with("media", 1)).in("assets.get"),
	freedom("headers/further", silentOnHeaders, furtherHeaders),
	freedom("headers/charset", silentOnHeaders, contentType("application/json; charset=utf-8")),
	freedom("headers/capitals", silentOnHeaders, contentType("Application/JSON;Charset=UTF-8")),
	freedom("headers/text-plain", silentOnHeaders, contentType("text/plain")),
	freedom("headers/problem-json", silentOnHeaders, contentType("application/vnd.media-pocket+json")),
	freedom("json/keys-reversed", jsonIsJSON, encodes(reversed)),
	freedom("json/indented", jsonIsJSON, encodes(indented)),
	freedom("json/blanks-around", jsonIsJSON, encodes(surrounded)),
	freedom("json/slashes-escaped", jsonIsJSON, encodes(slashed)),
	freedom("json/non-ascii-escaped", jsonIsJSON, encodes(unicodeEscaped)),
	freedom("json/html-escaped", jsonIsJSON, encodes(htmlEscaped)),
	freedom("json/numbers-as-floats", jsonIsJSON, encodes(floats)),
	freedom("http/gzip", httpIsHTTP, around(gzipped)),
	freedom("http/chunked", httpIsHTTP, around(chunked)),
	freedom("http/cached", "The document says nothing of caches: one that knows callers apart and hears of changes shows nowhere.", around(cached)),
	freedom("http/connection-closed", httpIsHTTP, header("Connection", "close")),
	freedom("lists/reversed", silentOnOrder, everyList(reversedList)),
	freedom("401/json", silentOn401, on401("application/json", `{"error":"Unauthorized"}`)),
	freedom("401/text", silentOn401, on401("text/plain", "HTTP Token: Access denied.\n")),
	freedom("401/html", silentOn401, on401("text/html", "<html><body>401</body></html>")),
	freedom("runs/finished-when-listed", silentOnProgress, edit(finished)).in("dag_runs.list"),
	freedom("runs/without-messages-when-listed", silentOnProgress, empty("dag_action_runs.*.dag_action_run_messages")).in("dag_runs.list"),
	freedom("runs/several-messages", silentOnProgress, edit(severalMessages)).in("dag_actions.start"),
	freedom("effects/after-300-ms", silentOnEffects, stores(shows(300*time.Millisecond, false))),
	freedom("effects/assets-after-300-ms", silentOnEffects, stores(shows(300*time.Millisecond, true))),
	freedom("history/further-events", silentOnEvents, altering(results, withFurtherEvents)).in("history.get"),
	freedom("history/pages-of-1", silentOnEvents, edit(pagesOfOne)).in("history.get"),
	freedom("history/cursor-as-string", silentOnEvents, edit(pagesOfOne), retypedCursor).in("history.get"),
	freedom("clock/ahead", silentOnClock, clock(time.Hour)),
	freedom("clock/behind", silentOnClock, clock(-48*time.Hour)),
	freedom("users/names-and-avatar", silentOnNull, everyObject(namedUser)),
	freedom("users/no-names", `"first_name": null, "last_name": null, "avatar_url": null`, everyObject(namelessUser)),
	freedom("users/mentioned", `"mentioned_users": [] is shown, and never what it holds.`, everyObject(mentioning)),
	freedom("assets/values-for-null", silentOnNull, everyObject(fullAsset)),
	freedom("assets/ai-tags", `"ai_tags": ["test", "tag"] in one example, [] in the others; where they come from is not said.`, everyObject(taggedByAI)),
	freedom("assets/reset-by-put", "The parameters of Update asset are optional; what becomes of those that are not sent, no sentence says.", keepsAssets(resetsUnsent)).in("assets.update"),
	freedom("trash/hidden", silentOnTrash, stores(hidesTrashed)),
	freedom("trash/deleted-as-flag", silentOnTrash, everyObject(flaggedAsDeleted)),
	freedom("media/url", silentOnNull, with("url", "https://www.example.com/jpgfile.jpg")).in("media.download_url"),
	freedom("collections/category", silentOnNull, with("collections.*.category", "test")).in("collections.list"),
	freedom("collections/category-as-object", silentOnNull, with("collections.*.category", map[string]any{"id": 1})).in("collections.list"),
	freedom("collections/no-description", silentOnOptional, with("collections.*.description", nil)).in("collections.list"),
	freedom("dag-actions/no-description", silentOnOptional, everyObject(undescribed)),
	freedom("file-metadata/filled", "Get file metadata has no example.", with("file_metadata", []any{map[string]any{"EXIF:Model": "X100"}})).in("file_metadata.get"),
	freedom("texts/of-invalid-values", "How a value other than a string is printed, no example shows.", edit(inspectedOtherwise)),
	freedom("texts/missing-is-invalid", silentOnTexts, edit(missingIsInvalid)),
	freedom("texts/sentences", silentOnTexts, edit(sentences)),
	freedom("texts/camel-case", silentOnTexts, edit(camelCase)),
}

// clock is another machine's.
func clock(ahead time.Duration) act {
	return act{options: func(o *reference.Options) {
		now := o.Now
		if now == nil {
			now = time.Now
		}
		o.Now = func() time.Time { return now().Add(ahead) }
	}}
}
