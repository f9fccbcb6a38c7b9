package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"dario.cat/mergo"
	"sigs.k8s.io/yaml"
)

// expansion is what one generator yields: sets of parameters, and the template to render with each.
type expansion struct {
	params   []object
	template object
}

type expander struct {
	renderer *renderer
	// pullRequests are those that a provider would know; nil where a test gives none, and then nobody may ask.
	pullRequests []pullRequest
}

// offlineGenerators need nothing but the ApplicationSet, or what a test says in a provider's place; the others ask a cluster, a
// repository or a service.
var (
	offlineGenerators = []string{"list", "matrix", "merge", "pullRequest"}
	onlineGenerators  = []string{"clusters", "git", "scmProvider", "clusterDecisionResource", "plugin", "oci"}
)

// expandAll expands each generator of one entry, usually a single one. Parameters of an outer matrix generator, if any,
// are rendered into the entry first.
func (e expander) expandAll(entry, outer, template object) ([]expansion, error) {
	if err := checkGenerators(entry); err != nil {
		return nil, err
	}
	// As in the controller: the selector is the one that is written, before parameters are rendered into the entry.
	matches, err := parseSelector(entry["selector"])
	if err != nil {
		return nil, err
	}
	if len(outer) > 0 {
		rendered, err := e.renderer.renderValue(entry, outer)
		if err != nil {
			return nil, err
		}
		entry = rendered.(object)
	}
	var expansions []expansion
	for _, name := range offlineGenerators {
		settings, present := entry[name]
		if !present {
			continue
		}
		params, ownTemplate, err := e.expandOne(name, settings)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		params, err = selectParams(params, matches)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		merged, err := mergeTemplates(ownTemplate, template)
		if err != nil {
			return nil, fmt.Errorf("%s.template: %w", name, err)
		}
		expansions = append(expansions, expansion{params, merged})
	}
	return expansions, nil
}

func checkGenerators(entry object) error {
	count := 0
	for _, name := range slices.Sorted(maps.Keys(entry)) {
		switch {
		case slices.Contains(offlineGenerators, name):
			count++
		case slices.Contains(onlineGenerators, name):
			return fmt.Errorf("generator %q needs a cluster or a network and is not supported here", name)
		case name != "selector":
			return fmt.Errorf("unknown generator %q", name)
		}
	}
	if count == 0 {
		return errors.New("no generator")
	}
	return nil
}

func (e expander) expandOne(name string, settings any) ([]object, object, error) {
	switch name {
	case "list":
		return expandList(settings)
	case "pullRequest":
		if e.pullRequests == nil {
			return nil, nil, errors.New("needs pull requests, and none are given")
		}
		return expandPullRequests(settings, e.pullRequests)
	case "matrix":
		return e.expandMatrix(settings)
	default:
		return e.expandMerge(settings)
	}
}

func expandList(settings any) ([]object, object, error) {
	list := struct {
		Elements     []object `json:"elements"`
		ElementsYaml string   `json:"elementsYaml"`
		Template     object   `json:"template"`
	}{}
	if err := decodeStrict(settings, &list); err != nil {
		return nil, nil, err
	}
	var more []object
	if err := yaml.Unmarshal([]byte(list.ElementsYaml), &more); err != nil {
		return nil, nil, fmt.Errorf("elementsYaml: %w", err)
	}
	return append(list.Elements, more...), list.Template, nil
}

// expandMatrix combines two generators; the second may use the first's parameters, and the first's win.
func (e expander) expandMatrix(settings any) ([]object, object, error) {
	matrix := struct {
		Generators []object `json:"generators"`
		Template   object   `json:"template"`
	}{}
	if err := decodeStrict(settings, &matrix); err != nil {
		return nil, nil, err
	}
	if len(matrix.Generators) != 2 {
		return nil, nil, fmt.Errorf("a matrix combines exactly two generators, found %d", len(matrix.Generators))
	}
	first, err := e.expandNested(matrix.Generators[0], nil)
	if err != nil {
		return nil, nil, err
	}
	var combined []object
	for _, outer := range first {
		second, err := e.expandNested(matrix.Generators[1], outer)
		if err != nil {
			return nil, nil, err
		}
		for _, inner := range second {
			params, err := overlay(inner, outer)
			if err != nil {
				return nil, nil, err
			}
			combined = append(combined, params)
		}
	}
	return combined, matrix.Template, nil
}

// expandMerge overlays the parameters of later generators on those of the first where all merge keys are equal. The
// controller's order is random; here it is the first generator's.
func (e expander) expandMerge(settings any) ([]object, object, error) {
	merge := struct {
		Generators []object `json:"generators"`
		MergeKeys  []string `json:"mergeKeys"`
		Template   object   `json:"template"`
	}{}
	if err := decodeStrict(settings, &merge); err != nil {
		return nil, nil, err
	}
	if len(merge.Generators) < 2 {
		return nil, nil, fmt.Errorf("a merge needs two generators or more, found %d", len(merge.Generators))
	}
	if len(merge.MergeKeys) == 0 {
		return nil, nil, errors.New("no merge keys")
	}
	var base []object
	for index, generator := range merge.Generators {
		params, err := e.expandNested(generator, nil)
		if err != nil {
			return nil, nil, err
		}
		byKey, err := indexByKeys(params, merge.MergeKeys)
		if err != nil {
			return nil, nil, err
		}
		if index == 0 {
			base = params
			continue
		}
		for position, known := range base {
			if base[position], err = overlay(known, byKey[keyOf(known, merge.MergeKeys)]); err != nil {
				return nil, nil, err
			}
		}
	}
	return base, merge.Template, nil
}

// expandNested expands an entry inside a matrix or a merge: exactly one generator, whose template does not count.
func (e expander) expandNested(entry, outer object) ([]object, error) {
	expansions, err := e.expandAll(entry, outer, nil)
	if err != nil {
		return nil, err
	}
	if len(expansions) != 1 {
		return nil, errors.New("found more than one generator in a nested entry")
	}
	return expansions[0].params, nil
}

func indexByKeys(params []object, keys []string) (map[string]object, error) {
	byKey := make(map[string]object, len(params))
	for _, param := range params {
		key := keyOf(param, keys)
		if _, exists := byKey[key]; exists {
			return nil, fmt.Errorf("the parameters from a generator were not unique by the given merge keys: %s", key)
		}
		byKey[key] = param
	}
	return byKey, nil
}

func keyOf(params object, keys []string) string {
	values := object{}
	for _, key := range keys {
		values[key] = params[key]
	}
	encoded, err := json.Marshal(values)
	if err != nil {
		panic(err) // values come from JSON
	}
	return string(encoded)
}

// overlay returns base with what is not empty in override on top of it, at any depth.
func overlay(base, override object) (object, error) {
	merged := deepCopy(base).(object)
	err := mergo.Merge(&merged, deepCopy(override), mergo.WithOverride)
	return merged, err
}

// mergeTemplates fills what a generator's own template leaves empty from the template of the set.
func mergeTemplates(own, template object) (object, error) {
	merged, _ := deepCopy(own).(object)
	if merged == nil {
		merged = object{}
	}
	err := mergo.Merge(&merged, deepCopy(template))
	return merged, err
}
