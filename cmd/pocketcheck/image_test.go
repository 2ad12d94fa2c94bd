package main

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"
)

// static is pocketcheck as an image holds it, built once.
var static = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "pocketcheck")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "pocketcheck")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if said, err := build.CombinedOutput(); err != nil {
		return said, err
	}
	return os.ReadFile(path)
})

// referenceImage makes an image of the reference for one test, of which nobody
// else has a container.
func referenceImage(t *testing.T) string {
	t.Helper()
	binary, err := static()
	require.NoError(t, err, "%s", binary)
	var files bytes.Buffer
	archive := tar.NewWriter(&files)
	require.NoError(t, archive.WriteHeader(&tar.Header{Name: "pocketcheck", Mode: 0o755, Size: int64(len(binary))}))
	_, err = archive.Write(binary)
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	name := "pocketcheck-test/reference:" + strings.ToLower(rand.Text())
	imported, err := engine(t).ImageImport(t.Context(), client.ImageImportSource{Source: &files, SourceName: "-"}, name,
		client.ImageImportOptions{Changes: []string{`ENTRYPOINT ["/pocketcheck"]`, `CMD ["serve", "--from-environment"]`}})
	require.NoError(t, err)
	defer func() { _ = imported.Close() }()
	_, err = io.Copy(io.Discard, imported)
	require.NoError(t, err)
	t.Cleanup(func() {
		docker, err := client.New(client.FromEnv)
		require.NoError(t, err)
		defer func() { _ = docker.Close() }()
		_, err = docker.ImageRemove(context.Background(), name, client.ImageRemoveOptions{Force: true})
		require.NoError(t, err)
	})
	return name
}
