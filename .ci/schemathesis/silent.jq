# What the reference does where the document is silent, so that Schemathesis, which
# knows nothing but a description, takes none of it for a defect. "pocketcheck
# openapi" says no such thing, since other servers may do otherwise.

# PostgreSQL's text has no U+0000.
def text: .pattern = "^[^\\u0000]*$";

# A null is not given, and neither is one among tags.
def nullable: .type = [.type, "null"];

def silent:
  if .enum then .enum += [null] else . end
  | if .items then .items |= (text | nullable) elif .enum then . else text end;

(.paths[][] | .requestBody.content["application/json"]? // empty) |= (
  .schema.required as $required
  | .schema.properties |= with_entries(
      .value |= silent
      | if .key | IN($required[]?) then . else .value |= nullable end
      # A title is not empty.
      | if .key == "title" then .value.minLength = 1 else . end))

# A body that is not a JSON object is a 400.
| .paths[][].responses["400"] |= (. // {description: "The body is not a JSON object, or can't be read"})

# A cursor is 0 or the id of an event.
| (.paths[][].parameters[]? | select(.name == "cursor").schema.pattern) = "^(0|[1-9][0-9]{0,17})$"
