package report

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"slices"

	"github.com/pocketcheck/pocketcheck/report/plain"
)

//go:embed matrix.html.tmpl
var matrixTemplate string

var parsedMatrix = template.Must(template.New("matrix").Funcs(template.FuncMap{
	"count": count, "mark": func(o Outcome) htmlMark { return htmlMarks[o] }, "path": breakable, "plain": plain.Line,
	"method": func(endpoint string) string { method, _ := split(endpoint); return method },
	"place":  func(endpoint string) string { _, path := split(endpoint); return path },
}).Parse(matrixTemplate))

// matrixPage is what the template reads.
type matrixPage struct {
	*Matrix
	Policy string
	Style  template.CSS
	Suite  string
}

// WriteHTML writes the matrix as one page that needs nothing else, and no script. Where
// there is more than one implementation, a box leaves out what is the same of all.
func (m *Matrix) WriteHTML(w io.Writer) error {
	var b bytes.Buffer
	page := matrixPage{Matrix: m, Policy: htmlPolicy(), Style: template.CSS(htmlStyle), Suite: Version} // #nosec G203 -- a file of this package
	if err := parsedMatrix.Execute(&b, page); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Outcome is what an endpoint is marked with in colour.
func (e matrixEndpoint) Outcome(implementation int) Outcome {
	return map[string]Outcome{
		markOK: Passed, markFailed: Failed, markAbsent: Failed, markErrored: Errored, markKnown: knownDeviation, markPartly: Unprovisioned, "": Deselected,
	}[e.Marks[implementation]]
}

// Differs tells whether one of its facts does.
func (e matrixEndpoint) Differs() bool {
	return slices.ContainsFunc(e.Facts, matrixFact.Differs)
}
