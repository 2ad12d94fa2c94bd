package steps

import (
	"regexp"

	"github.com/cucumber/godog"
)

// definition is a sentence of the features and what it does.
type definition struct {
	sentence *regexp.Regexp
	do       any
}

func sentence(pattern string, do any) definition {
	return definition{regexp.MustCompile("^" + pattern + "$"), do}
}

// The vocabulary is compiled once: godog would do so anew for every scenario.
var (
	givens = []definition{
		sentence(`an asset`, anAsset),
		sentence(`an asset with:`, anAssetWith),
		sentence(`another asset`, anotherAsset),
		sentence(`the asset "([^"]*)"`, theAsset),
		sentence(`a comment "([^"]*)" on the asset`, aComment),
		sentence(`another comment "([^"]*)" on the asset`, anotherComment),
		sentence(`a comment "([^"]*)" on another asset`, aCommentOnAnotherAsset),
		sentence(`a comment "([^"]*)" on the asset by another user`, aCommentByAnotherUser),
		sentence(`the asset was deleted`, theAssetWasDeleted),
		sentence(`the asset is in the trash bin`, done("move the asset to the trash bin", "")),
		sentence(`the asset is assigned to the project`, done("assign the asset", `{"to_project_id": "<project id>"}`)),
		sentence(`the DAG action was started on the asset`, theDAGActionWasStarted),
		sentence(`the DAG action was started on another asset`, theDAGActionWasStartedOnAnotherAsset),
		sentence(`a DAG action`, state(stateDAGAction, "DAG action id")),
		sentence(`a project`, state(stateProject, "project id")),
		sentence(`another project`, anotherProject),
		sentence(`a collection with the asset`, state(stateCollection, "collection id")),
		sentence(`a collection with another asset`, aCollectionWithAnotherAsset),
		sentence(`a media file on the asset`, state(stateMedia, "media id")),
		sentence(`a media file on another asset`, aMediaFileOnAnotherAsset),
		sentence(`my key lacks the "([A-Z_]+)" permission`, myKeyLacks),
		sentence(`an internal failure`, anInternalFailure),
		sentence(`I send no API key`, iSendNoAPIKey),
		sentence(`I send an unknown API key`, iSendAnUnknownAPIKey),
	}
	whens = []definition{
		sentence(`I `+phrases()+`(?: "([^"]*)")?`, iAsk),
		sentence(`I `+phrases()+`(?: "([^"]*)")? with:`, iAskWith),
		sentence(`I `+phrases()+`(?: "([^"]*)")? with "([^"]*)"`, iAskWithQuery),
	}
	thens = []definition{
		sentence(`the request succeeds`, theRequestSucceeds),
		sentence(`the request succeeds with:`, theRequestSucceedsWith),
		sentence(`the answer is no server error`, theAnswerIsNoServerError),
		sentence(`the request is refused with (\d+)`, theRequestIsRefusedWith),
		sentence(`the request is refused with (\d+) and a message`, theRequestIsRefusedWithAMessage),
		sentence(`the request is refused with (\d+) (".*")`, theRequestIsRefusedWithText),
		sentence(`the (other )?(asset|comment|comments|media|DAG action runs) reads?:`, theThingReads),
		sentence(`the (asset|comment) is gone`, theThingIsGone),
		sentence(`the (comment|run|collection) is (not )?listed`, theThingIsListed),
		sentence(`the history has a result:`, theHistoryHasAResult),
		sentence(`no event of another asset is in the history`, noEventOfAnotherAsset),
		sentence(`I can `+phrases(), iCan),
		sentence(`trying to `+phrases()+`(?: again)? is refused with (\d+) (".*")`, tryingIsRefused),
	}
)

func register(sc *godog.ScenarioContext) {
	for _, d := range givens {
		sc.Given(d.sentence, d.do)
	}
	for _, d := range whens {
		sc.When(d.sentence, d.do)
	}
	for _, d := range thens {
		sc.Then(d.sentence, d.do)
	}
}
