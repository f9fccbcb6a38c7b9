// Command applicationset-renderer reads one ApplicationSet as YAML from standard input and prints the Applications that
// Argo CD's controller would make of it, as a JSON array.
//
// It promises what the controller does offline: the same generators (list, matrix, merge), the same template functions
// and options, the same patches, with the library versions of Argo CD v3.6.1. It must not touch a network or a cluster:
// generators that need one are refused, but for that of pull requests, which its one argument lists as a JSON array.
//
// Argo CD's own packages cannot be used here: the module github.com/argoproj/argo-cd/v3 v3.6.1 asks for Go 1.27, newer
// than the Go that these tests promise to work with, and the gitops-engine module that its API types need is not
// available at that version either. What follows was written from its documented and observed behaviour instead.
//
// One difference remains: the controller decodes into typed fields, so a string where a number belongs is its error,
// while here it is rendered. The API server refuses such an ApplicationSet, so the tests against it cover that.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string, input io.Reader, output io.Writer) error {
	var pullRequests []pullRequest
	if len(arguments) > 0 {
		if err := json.Unmarshal([]byte(arguments[0]), &pullRequests); err != nil {
			return fmt.Errorf("pull requests: %w", err)
		}
	}
	manifest, err := io.ReadAll(input)
	if err != nil {
		return err
	}
	set, err := parseApplicationSet(manifest)
	if err != nil {
		return err
	}
	applications, err := set.generateApplications(pullRequests)
	if err != nil {
		return fmt.Errorf("ApplicationSet %s: %w", set.Metadata.Name, err)
	}
	encoder := json.NewEncoder(output)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(applications)
}
