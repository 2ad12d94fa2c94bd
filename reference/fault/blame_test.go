package fault_test

// blamed is the faults of which the suite blames other facts than theirs, by why,
// with the facts that it blames.
var blamed = map[string][]string{
	// The requests to see whether the first was done are, one for one, those of
	// the second's own scenario: nothing tells which of both is at fault.
	"trash.move.ok.effect/not-moved":        {"trash.restore.ok"},
	"project.assign.ok.effect/not-assigned": {"project.unassign.ok"},

	// What was not kept is found by nobody; the readers' scenarios create what
	// they read.
	"comments.create.ok.effect/not-kept": {
		"comments.get.ok", "comments.list.ok", "comments.update.ok", "comments.delete.ok", "comments.create.any-script.effect",
	},
}
