package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// pullRequest is what a provider says of one; the test that renders gives them, as there is no network.
type pullRequest struct {
	Number       int      `json:"number"`
	Title        string   `json:"title"`
	Branch       string   `json:"branch"`
	TargetBranch string   `json:"targetBranch"`
	HeadSHA      string   `json:"headSha"`
	Author       string   `json:"author"`
	Labels       []string `json:"labels"`
	State        string   `json:"state"`
}

// pullRequestSource holds what of github and gitlab decides which pull requests count; the rest is only checked for its names.
type pullRequestSource struct {
	Owner            string   `json:"owner"`
	Repo             string   `json:"repo"`
	Project          string   `json:"project"`
	API              string   `json:"api"`
	Labels           []string `json:"labels"`
	PullRequestState string   `json:"pullRequestState"`
	AppSecretName    string   `json:"appSecretName"`
	TokenRef         *struct {
		SecretName string `json:"secretName"`
		Key        string `json:"key"`
	} `json:"tokenRef"`
}

// expandPullRequests gives the parameters of the pull requests that have all labels. GitHub lists open ones only; GitLab all,
// unless a state is asked for.
func expandPullRequests(settings any, known []pullRequest) ([]object, object, error) {
	generator := struct {
		GitHub              *pullRequestSource `json:"github"`
		GitLab              *pullRequestSource `json:"gitlab"`
		RequeueAfterSeconds int                `json:"requeueAfterSeconds"`
		Template            object             `json:"template"`
	}{}
	if err := decodeStrict(settings, &generator); err != nil {
		return nil, nil, err
	}
	if (generator.GitHub == nil) == (generator.GitLab == nil) {
		return nil, nil, errors.New("exactly one of github and gitlab is supported here")
	}
	source, state := generator.GitHub, "opened"
	if source == nil {
		source, state = generator.GitLab, generator.GitLab.PullRequestState
		if source.Project == "" {
			return nil, nil, errors.New("gitlab has no project")
		}
	} else if source.Owner == "" || source.Repo == "" {
		return nil, nil, errors.New("github has no owner or no repo")
	}
	params := []object{}
	for _, pull := range known {
		if state != "" && pull.State != state || !containsAll(pull.Labels, source.Labels) {
			continue
		}
		one, err := pull.params()
		if err != nil {
			return nil, nil, err
		}
		params = append(params, one)
	}
	return params, generator.Template, nil
}

func containsAll(labels, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(label string) bool { return !slices.Contains(labels, label) })
}

func (pull pullRequest) params() (object, error) {
	branch, err := slugify(50, false, pull.Branch)
	if err != nil {
		return nil, err
	}
	target, err := slugify(50, false, pull.TargetBranch)
	if err != nil {
		return nil, err
	}
	if len(pull.HeadSHA) != 40 {
		return nil, fmt.Errorf("pull request %d has no whole commit", pull.Number)
	}
	labels := make([]any, len(pull.Labels))
	for index, label := range pull.Labels {
		labels[index] = label
	}
	return object{
		"number":             strconv.Itoa(pull.Number),
		"title":              pull.Title,
		"branch":             pull.Branch,
		"branch_slug":        branch,
		"target_branch":      pull.TargetBranch,
		"target_branch_slug": target,
		"head_sha":           pull.HeadSHA,
		"head_short_sha":     pull.HeadSHA[:8],
		"head_short_sha_7":   pull.HeadSHA[:7],
		"author":             pull.Author,
		"labels":             labels,
	}, nil
}
