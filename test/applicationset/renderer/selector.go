package main

import (
	"fmt"
	"slices"

	"github.com/jeremywohl/flatten"
)

// selectorFunc tells whether a set of parameters is wanted.
type selectorFunc func(labels map[string]string) bool

// labelSelector is metav1.LabelSelector without its limits on values, as parameters hold addresses and the like.
type labelSelector struct {
	MatchLabels      map[string]string `json:"matchLabels"`
	MatchExpressions []struct {
		Key      string   `json:"key"`
		Operator string   `json:"operator"`
		Values   []string `json:"values"`
	} `json:"matchExpressions"`
}

func parseSelector(value any) (selectorFunc, error) {
	if value == nil {
		return func(map[string]string) bool { return true }, nil
	}
	selector := labelSelector{}
	if err := decodeStrict(value, &selector); err != nil {
		return nil, fmt.Errorf("selector: %w", err)
	}
	var requirements []selectorFunc
	for key, wanted := range selector.MatchLabels {
		requirements = append(requirements, func(labels map[string]string) bool {
			actual, present := labels[key]
			return present && actual == wanted
		})
	}
	for _, expression := range selector.MatchExpressions {
		requirement, err := parseRequirement(expression.Key, expression.Operator, expression.Values)
		if err != nil {
			return nil, err
		}
		requirements = append(requirements, requirement)
	}
	return func(labels map[string]string) bool {
		return !slices.ContainsFunc(requirements, func(matches selectorFunc) bool { return !matches(labels) })
	}, nil
}

func parseRequirement(key, operator string, values []string) (selectorFunc, error) {
	takesValues := operator == "In" || operator == "NotIn"
	if takesValues != (len(values) > 0) {
		return nil, fmt.Errorf("selector: %s of %q has the wrong number of values", operator, key)
	}
	negated := operator == "NotIn" || operator == "DoesNotExist"
	switch operator {
	case "In", "NotIn", "Exists", "DoesNotExist":
		return func(labels map[string]string) bool {
			actual, present := labels[key]
			return (present && (!takesValues || slices.Contains(values, actual))) != negated
		}, nil
	default:
		return nil, fmt.Errorf("selector: unknown operator %q", operator)
	}
}

// selectParams keeps what matches. Nested parameters are named with dots, as in `values.tier`.
func selectParams(params []object, matches selectorFunc) ([]object, error) {
	var selected []object
	for _, param := range params {
		flat, err := flatten.Flatten(param, "", flatten.DotStyle)
		if err != nil {
			return nil, err
		}
		labels := make(map[string]string, len(flat))
		for key, value := range flat {
			labels[key] = fmt.Sprintf("%v", value)
		}
		if matches(labels) {
			selected = append(selected, param)
		}
	}
	return selected, nil
}
