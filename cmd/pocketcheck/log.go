package main

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/pflag"
)

// logFlags are how a server tells what it does: on standard output a line for each request,
// on standard error the rest.
type logFlags struct{ requests, format, level string }

func (f *logFlags) define(fs *pflag.FlagSet) {
	fs.StringVar(&f.format, "log-format", "text", "how the server's log is printed: text or json, which then holds for all that is printed")
	fs.StringVar(&f.level, "log-level", "info", "what the server's log has: debug, info, warn or error, and what is worse")
	fs.StringVar(&f.requests, "log", "", "how each request is printed, on a line: text or json (default as --log-format)")
}

// check refuses what is no format or level, and lets the one format hold for all where
// nothing else is said of requests.
func (f *logFlags) check() error {
	if f.requests == "" {
		f.requests = f.format
	}
	for _, given := range [][2]string{{"log-format", f.format}, {"log", f.requests}} {
		if flag, format := given[0], given[1]; format != "text" && format != "json" {
			return fmt.Errorf("--%s %q: want text or json", flag, format)
		}
	}
	if _, known := levels[f.level]; !known {
		return fmt.Errorf("--log-level %q: want debug, info, warn or error", f.level)
	}
	return nil
}

var levels = map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}

// logger gives the server's log.
func (f *logFlags) logger(w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: levels[f.level]}
	if f.format == "json" {
		return slog.New(withRequest{slog.NewJSONHandler(w, o)})
	}
	return slog.New(withRequest{slog.NewTextHandler(w, o)})
}
