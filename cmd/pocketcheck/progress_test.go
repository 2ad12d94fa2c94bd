package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/stretchr/testify/assert"
)

// TestLiveProgress: on a terminal the line has the counts and the slowest fact,
// and never breaks.
func TestLiveProgress(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	p := newProgress(&b, "the target", false)
	p.live = true
	p.start(t.Context())
	p.planned(3)
	slowest := "comments.update.not-owner.of-a-comment-that-another-user-has-written.effect"
	for _, s := range []report.Scenario{
		{Facts: []string{"assets.get.ok"}, Outcome: report.Passed, Duration: 1500 * time.Millisecond},
		{Facts: []string{"assets.delete.ok"}, Outcome: report.Failed, Duration: time.Millisecond},
		{Facts: []string{slowest}, Outcome: report.Passed, Duration: time.Minute},
	} {
		p.scenario(s)
	}
	p.stop()
	const home = "\r\x1b[K"
	assert.Equal(t, "checking the target\n"+
		home+"1 of 3 scenarios, 0 did not hold; slowest: assets.get.ok, 1.5 s"+
		home+"2 of 3 scenarios, 1 did not hold; slowest: assets.get.ok, 1.5 s"+
		home+("3 of 3 scenarios, 1 did not hold; slowest: " + slowest)[:79]+home, b.String())
}

// TestProgressOfASlowRun: elsewhere than on a terminal, too, it is seen to go on.
func TestProgressOfASlowRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		p := newProgress(&b, "the target", false)
		p.planned(30)
		for range 25 {
			p.scenario(report.Scenario{Facts: []string{"assets.get.ok"}, Outcome: report.Passed})
			time.Sleep(10 * time.Second) // the bubble's
		}
		assert.True(t, strings.HasPrefix(b.String(), "checking the target\n4 of 30 scenarios, 0 did not hold\n7 of 30 scenarios, 0 did not hold\n"), b.String())
		assert.True(t, strings.HasSuffix(b.String(), "\n22 of 30 scenarios, 0 did not hold, about 1m16s left\n25 of 30 scenarios, 0 did not hold, about 48s left\n"), b.String())
	})
}
