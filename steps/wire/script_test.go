package wire

import (
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestScriptEndsHarmlessly: what a target answered is no command, even to a shell that
// knows no comments.
func TestScriptEndsHarmlessly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"seen: 200 OK":                  "# seen: 200 OK\n",
		`seen: "it's $(touch x)"`:       `# seen: '"it'\''s $(touch x)"'` + "\n",
		"seen: `touch x`":               "# seen: '`touch x`'\n",
		"seen: a; touch x":              "# seen: 'a; touch x'\n",
		"expected: $.a is an empty one": "# expected: '$.a is an empty one'\n",
	} {
		got := Script{Ends: []string{text}}.String()
		assert.Equal(t, want, got)
		said, err := exec.CommandContext(t.Context(), "sh", "-c", "echo "+strings.TrimPrefix(got, "# ")).Output()
		require.NoError(t, err)
		assert.Equal(t, text+"\n", string(said))
	}
}

// TestScriptTakesTheProxyOfTheRun: curl reads other variables than Go does.
func TestScriptTakesTheProxyOfTheRun(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, url, env, want string
	}{
		{"none", "http://dam.example.com", "", ""},
		{"HTTP_PROXY, which curl does not read", "http://dam.example.com", "HTTP_PROXY=http://proxy:3128", `--proxy "$HTTP_PROXY"`},
		{"http_proxy", "http://dam.example.com", "http_proxy=proxy:3128", `--proxy "$http_proxy"`},
		{"of the other scheme", "https://dam.example.com", "HTTP_PROXY=http://proxy:3128", ""},
		{"https_proxy", "https://dam.example.com", "https_proxy=http://proxy:3128", `--proxy "$https_proxy"`},
		{"not for this host", "https://dam.example.com", "https_proxy=http://proxy:3128 NO_PROXY=.example.com", "--noproxy '*'"},
		{"not for this host, which curl knows", "https://dam.example.com", "https_proxy=http://proxy:3128 NO_PROXY=dam.example.com", ""},
		{"not for this machine", "http://127.0.0.1:8080", "http_proxy=http://proxy:3128", "--noproxy '*'"},
		{"one that only curl reads", "http://dam.example.com", "ALL_PROXY=http://proxy:3128", "--noproxy '*'"},
	} {
		env := map[string]string{}
		for _, pair := range strings.Fields(tt.env) {
			name, value, _ := strings.Cut(pair, "=")
			env[name] = value
		}
		u, err := url.Parse(tt.url)
		require.NoError(t, err)
		var o options
		proxy(&o, u, func(name string) string { return env[name] })
		assert.Equal(t, tt.want, strings.Join(o.words, " "), tt.name)
	}
}
