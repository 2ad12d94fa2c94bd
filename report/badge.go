package report

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io"
)

const badgeLabel = "Media Pocket API v2"

// badgeMessage is the verdict with how many of the testable facts passed.
func (r *Report) badgeMessage() string {
	text := fmt.Sprintf("%s %d/%d", r.Verdict, r.Count(Passed), len(r.Facts)-r.Count(Untestable))
	if known := r.known(); known > 0 {
		text += fmt.Sprintf(" (%d known)", known)
	}
	if r.Embedded {
		text += ", " + embedded
	}
	for _, how := range r.manner() {
		text += ", " + how
	}
	return text
}

// badgeColours are dark enough for white text on them.
var badgeColours = map[Verdict]string{
	Conformant: "2e7d32", Partial: "8a6100", NonConformant: "c62828", Inconclusive: "616161",
}

func (r *Report) badgeColour() string {
	if colour, ok := badgeColours[r.Verdict]; ok {
		return colour
	}
	return badgeColours[Inconclusive]
}

// WriteShields writes what shields.io shows as an endpoint badge: a JSON object
// with label, message and colour.
func (r *Report) WriteShields(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Version int    `json:"schemaVersion"` // of the format
		Label   string `json:"label"`
		Message string `json:"message"`
		Colour  string `json:"color"`
	}{1, badgeLabel, r.badgeMessage(), r.badgeColour()})
}

var badge = template.Must(template.New("badge").Parse(
	`<svg xmlns="http://www.w3.org/2000/svg" width="{{.Width}}" height="20" role="img" aria-label="{{.Label}}: {{.Message}}">
  <title>{{.Label}}: {{.Message}}</title>
  <clipPath id="corners"><rect width="{{.Width}}" height="20" rx="3"/></clipPath>
  <g clip-path="url(#corners)">
    <rect width="{{.Left}}" height="20" fill="#424242"/>
    <rect x="{{.Left}}" width="{{.Right}}" height="20" fill="#{{.Colour}}"/>
  </g>
  <g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" aria-hidden="true">
    <text x="6" y="14" textLength="{{.LabelLength}}">{{.Label}}</text>
    <text x="{{.MessageAt}}" y="14" textLength="{{.MessageLength}}">{{.Message}}</text>
  </g>
</svg>
`))

// WriteBadge writes the verdict as an SVG picture of one line.
func (r *Report) WriteBadge(w io.Writer) error {
	const margin = 6
	label, message := textWidth(badgeLabel), textWidth(r.badgeMessage())
	left, right := label+2*margin, message+2*margin
	return badge.Execute(w, map[string]any{
		"Label": badgeLabel, "Message": r.badgeMessage(), "Colour": r.badgeColour(),
		"Width": left + right, "Left": left, "Right": right,
		"LabelLength": label, "MessageAt": left + margin, "MessageLength": message,
	})
}

// textWidth is about what Verdana takes at 11 pixels; a renderer without it
// stretches its own font to that.
func textWidth(text string) int {
	width := 0.0
	for _, c := range text {
		switch c {
		case 'i', 'j', 'l', 'f', 't', 'r', 'I', ' ', '(', ')', '/', '-', '.', ',':
			width += 3.9
		case 'm', 'w', 'M', 'W':
			width += 10
		default:
			width += 6.6
		}
	}
	return int(width + 0.5)
}
