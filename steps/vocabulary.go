package steps

import (
	"regexp"
	"strings"
	"sync"

	"github.com/cucumber/godog"
)

// Initialize gives a scenario the vocabulary of the features, a world of its own
// and the removal of what it makes: it is what godog calls a ScenarioInitializer.
// The context of the suite says which target it is for: see [Against].
func Initialize(sc *godog.ScenarioContext) {
	sc.Before(begin)
	sc.StepContext().Before(follow)
	sc.StepContext().After(keep)
	sc.After(end)
	s := sentences{sc}
	givens(s)
	whens(s)
	thens(s)
}

// sentences compiles each sentence once: godog would do so anew for every run.
type sentences struct{ *godog.ScenarioContext }

func (s sentences) Given(sentence string, do any) { both(s.ScenarioContext.Given, sentence, do) }
func (s sentences) When(sentence string, do any)  { both(s.ScenarioContext.When, sentence, do) }
func (s sentences) Then(sentence string, do any)  { both(s.ScenarioContext.Then, sentence, do) }

// both lets a sentence have its JSON below, or at its end where it is short.
func both(register func(expr, do any), sentence string, do any) {
	register(compiled(sentence), do)
	if head, ok := strings.CutSuffix(sentence, ":$"); ok {
		register(compiled(head+` (\{.*\})$`), do)
	}
}

var known sync.Map // the expressions of the sentences

func compiled(sentence string) *regexp.Regexp {
	if e, ok := known.Load(sentence); ok {
		return e.(*regexp.Regexp)
	}
	e := regexp.MustCompile(sentence)
	known.Store(sentence, e)
	return e
}

// readable are the things that a scenario reads before it reads them again.
const readable = `asset|comments?|DAG actions|DAG action runs|history|file metadata|collections|media|download URL`

// givens are what there is. The sentences stand here as they are, so that an editor
// finds them.
func givens(sc sentences) {
	sc.Given(`^an asset$`, anAsset)
	sc.Given(`^an asset of mine, and my key lacks the "([A-Z_]+)" permission$`, anAssetOfMine)
	sc.Given(`^an asset with:$`, anAssetWith)
	sc.Given(`^an asset `+these+`$`, anAssetWithThese)
	sc.Given(`^another asset$`, anotherAsset)
	sc.Given(`^no asset has the id "([^"]*)"$`, noAssetHasTheID)
	sc.Given(`^a comment "([^"]*)" on the asset$`, aComment)
	sc.Given(`^another comment "([^"]*)" on the asset$`, anotherComment)
	sc.Given(`^a comment "([^"]*)" on another asset$`, aCommentOnAnotherAsset)
	sc.Given(`^a comment "([^"]*)" on the asset by another user$`, aCommentByAnotherUser)
	sc.Given(`^the (`+readable+`)(?: "([^"]*)")? (?:was|were) read( at the other asset)?( with another key)?(?: with "([^"]*)")?$`, theThingWasRead)
	sc.Given(`^the asset was deleted(?: after the (`+readable+`)(?: "([^"]*)")? (?:was|were) read)?$`, theAssetWasDeleted)
	sc.Given(`^the (other )?asset is in the trash bin$`, done("trash.move", "").of)
	sc.Given(`^the asset is in the trash bin, where it was read$`, theAssetWasReadInTheTrashBin)
	sc.Given(`^the asset was moved to the trash bin after it was read$`, theAssetWasReadAndMoved)
	sc.Given(`^the (other )?asset is assigned to the project$`, done("project.assign", `{"to_project_id": "${project id}"}`).of)
	sc.Given(`^the DAG action was started on the asset$`, theDAGActionWasStarted)
	sc.Given(`^the DAG action was started on another asset$`, theDAGActionWasStartedOnAnotherAsset)
	sc.Given(`^a DAG action$`, state(stateDAGAction, "DAG action id"))
	sc.Given(`^a project$`, state(stateProject, "project id"))
	sc.Given(`^another project$`, anotherProject)
	sc.Given(`^a collection with the asset$`, state(stateCollection, "collection id"))
	sc.Given(`^a collection with another asset, and not with the asset$`, aCollectionWithAnotherAsset)
	sc.Given(`^a media file on the asset$`, aMediaFile)
	sc.Given(`^a media file on another asset$`, aMediaFileOnAnotherAsset)
	sc.Given(`^an internal failure$`, anInternalFailure)
	sc.Given(`^another user$`, anotherUser)
	sc.Given(`^these parameters:$`, theseParameters)
}

// Whose key a When sends, where it is not the caller's.
const (
	withoutA      = "without an"
	withAnUnknown = "with an unknown"
	keyed         = `(?: (` + withoutA + `|` + withAnUnknown + `|with another user's) API key)?`
)

// these are the parameters of the Givens, where some may have another value.
const these = `with these parameters(?:, but (.+ as .+))?`

// whens are the operations, in the document's order.
func whens(sc sentences) {
	sc.When(`^I list the comments`+keyed+`$`, ask("comments.list"))
	sc.When(`^I create a comment`+keyed+`,? with:$`, askWith("comments.create"))
	sc.When(`^I update the comment(?: "([^"]*)")?`+keyed+`,? with:$`, askOfWith("comments.update"))
	sc.When(`^I delete the comment(?: "([^"]*)")?`+keyed+`$`, askOf("comments.delete"))
	sc.When(`^I get the comment(?: "([^"]*)")?`+keyed+`$`, askOf("comments.get"))
	sc.When(`^I list the DAG actions`+keyed+`$`, ask("dag_actions.list"))
	sc.When(`^I start the DAG action(?: "([^"]*)")?`+keyed+`$`, askOf("dag_actions.start"))
	sc.When(`^I list the DAG action runs`+keyed+`$`, ask("dag_runs.list"))
	sc.When(`^I get the history "([^"]*)"`+keyed+`$`, askOf("history.get"))
	sc.When(`^I get the asset`+keyed+`$`, ask("assets.get"))
	sc.When(`^I get the file metadata`+keyed+`$`, ask("file_metadata.get"))
	sc.When(`^I list the collections`+keyed+`$`, ask("collections.list"))
	sc.When(`^I list the media`+keyed+`$`, ask("media.list"))
	sc.When(`^I list the media`+keyed+`,? with "([^"]*)"$`, askQuery("media.list"))
	sc.When(`^I get the download URL(?: "([^"]*)")?`+keyed+`$`, askOf("media.download_url"))
	sc.When(`^I get the download URL(?: "([^"]*)")?`+keyed+`,? with "([^"]*)"$`, askOfQuery("media.download_url"))
	sc.When(`^I add media`+keyed+`,? with:$`, askWith("media.add"))
	sc.When(`^I create an asset`+keyed+`,? with:$`, askWith("assets.create"))
	sc.When(`^I create an asset`+keyed+`,? `+these+`$`, askWithThese("assets.create"))
	sc.When(`^I create an asset with these parameters, but no (\w+)$`, askWithout("assets.create"))
	sc.When(`^I update the asset`+keyed+`,? with:$`, askWith("assets.update"))
	sc.When(`^I update the asset`+keyed+`,? `+these+`$`, askWithThese("assets.update"))
	sc.When(`^I update the asset with these parameters, but no (\w+)$`, askWithout("assets.update"))
	sc.When(`^I update the asset with a title of (\d+) characters( of two bytes each)?$`, askWithTitle("assets.update"))
	sc.When(`^I move the asset to the trash bin`+keyed+`$`, ask("trash.move"))
	sc.When(`^I restore the asset`+keyed+`$`, ask("trash.restore"))
	sc.When(`^I delete the asset`+keyed+`$`, ask("assets.delete"))
	sc.When(`^I assign the asset`+keyed+` without a body$`, ask("project.assign"))
	sc.When(`^I assign the asset`+keyed+`,? with:$`, askWith("project.assign"))
	sc.When(`^I unassign the asset`+keyed+`$`, ask("project.unassign"))
	sc.When(`^I remove the media`+keyed+`$`, ask("media.remove"))
}

// thens are what is seen.
func thens(sc sentences) {
	sc.Then(`^the request succeeds$`, theRequestSucceeds)
	sc.Then(`^the request succeeds with:$`, theRequestSucceedsWith)
	sc.Then(`^the answer is no server error$`, theAnswerIsNoServerError)
	sc.Then(`^the request is refused with (\d+)$`, theRequestIsRefusedWith)
	sc.Then(`^the request is refused with (\d+) and a message$`, theRequestIsRefusedWithAMessage)
	sc.Then(`^the request is refused with (\d+) and a message that names "(\w+)"$`, theRequestIsRefusedWithAMessageThatNames)
	sc.Then(`^the request is (?:refused with|answered) (\d+) (?:with the error )?(".*")$`, theRequestIsRefusedWithText)
	sc.Then(`^the message is (".*"), unless the wording is lenient$`, unlessLenient)
	sc.Then(`^the message is (".*"), if the wording is strict$`, ifStrict)
	sc.Then(`^the message begins (".*") and ends (".*"), if the wording is strict$`, beginsIfStrict)
	sc.Then(`^the (other )?(asset|comment|comments|media|DAG action runs) reads?:$`, theThingReads)
	sc.Then(`^the (asset|comment) is unchanged$`, theThingIsUnchanged)
	sc.Then(`^the (other )?asset is as it was made$`, theAssetIsAsItWasMade)
	sc.Then(`^reading the (asset|comment) is refused with (\d+)$`, readingTheThingIsRefused)
	sc.Then(`^the (comment|run|collection) is (not )?listed$`, theThingIsListed)
	sc.Then(`^no further run of the DAG action is listed$`, noFurtherRunIsListed)
	sc.Then(`^the history has a result:$`, theHistoryHasAResult)
	sc.Then(`^no event of another asset is in the history$`, noEventOfAnotherAsset)
	sc.Then(`^the comment and the other comment have (the same user|different users)$`, theCommentsHave)
	sc.Then(`^the (other )?asset can be (restored|unassigned)$`, theAssetCanBe)
	sc.Then(`^an asset can be created with this external_id$`, anAssetCanBeCreated)
	sc.Then(`^(restoring|unassigning) the (other )?asset is (?:refused with|answered) (\d+)(?: and a message| with an error| with the error (".*"))$`, tryingItIsRefused)
}
