// Package report is what came of a run, and how it is told: outcomes, verdict, failures,
// and the formats that are written of them, by name in [Formats].
//
// A JSON report is read again by [ReadJSON]. [Record.Verify] tells whether it is whole and
// agrees with itself and with the document, [Record.Diff] what changed to a later one, and
// [NewMatrix] puts several side by side. None of this asks a target.
package report
