package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"sigs.k8s.io/yaml"
)

// resourcesFinalizer makes Argo CD delete an Application's resources with it.
const resourcesFinalizer = "resources-finalizer.argocd.argoproj.io"

// object is any JSON object: params, templates and Applications are rendered field by field, whatever their type.
type object = map[string]any

type applicationSet struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`
	Spec struct {
		GoTemplate        bool     `json:"goTemplate"`
		GoTemplateOptions []string `json:"goTemplateOptions"`
		Generators        []object `json:"generators"`
		Template          object   `json:"template"`
		TemplatePatch     *string  `json:"templatePatch"`
		SyncPolicy        struct {
			PreserveResourcesOnDeletion bool `json:"preserveResourcesOnDeletion"`
		} `json:"syncPolicy"`
	} `json:"spec"`
}

// parseApplicationSet refuses duplicate keys, other kinds, and sets without Go templates.
func parseApplicationSet(manifest []byte) (*applicationSet, error) {
	asJSON, err := yaml.YAMLToJSONStrict(manifest)
	if err != nil {
		return nil, err
	}
	set := &applicationSet{}
	if err := json.Unmarshal(asJSON, set); err != nil {
		return nil, err
	}
	if set.Kind != "ApplicationSet" || set.APIVersion != "argoproj.io/v1alpha1" {
		return nil, fmt.Errorf("expected an argoproj.io/v1alpha1 ApplicationSet, got %q %q", set.APIVersion, set.Kind)
	}
	if !set.Spec.GoTemplate {
		return nil, errors.New("spec.goTemplate must be true: the older template language is not supported here")
	}
	return set, nil
}

// generateApplications expands every generator and renders one Application for each set of parameters. Errors are
// collected, as all of them are worth reading.
func (set *applicationSet) generateApplications(pullRequests []pullRequest) ([]object, error) {
	renderer, err := newRenderer(set.Spec.GoTemplateOptions)
	if err != nil {
		return nil, err
	}
	applications := []object{}
	var problems []error
	for index, generator := range set.Spec.Generators {
		expansions, err := expander{renderer, pullRequests}.expandAll(generator, nil, set.Spec.Template)
		if err != nil {
			problems = append(problems, fmt.Errorf("spec.generators[%d]: %w", index, err))
		}
		for _, expansion := range expansions {
			for _, params := range expansion.params {
				application, err := set.renderApplication(renderer, expansion.template, params)
				if err != nil {
					problems = append(problems, err)
					continue
				}
				applications = append(applications, application)
			}
		}
	}
	problems = append(problems, checkNames(applications)...)
	return applications, errors.Join(problems...)
}

func (set *applicationSet) renderApplication(renderer *renderer, template, params object) (object, error) {
	application := object{"metadata": object{}, "spec": object{}}
	for field, value := range template {
		application[field] = deepCopy(value)
	}
	// Without parameters the controller leaves the template as it is, with its placeholders and without a finalizer.
	if len(params) > 0 {
		rendered, err := renderer.renderValue(application, params)
		if err != nil {
			return nil, err
		}
		application = rendered.(object)
		set.addFinalizer(application)
	}
	if set.Spec.TemplatePatch != nil {
		patched, err := applyTemplatePatch(renderer, application, *set.Spec.TemplatePatch, params)
		if err != nil {
			return nil, fmt.Errorf("spec.templatePatch: %w", err)
		}
		application = patched
	}
	application["apiVersion"] = "argoproj.io/v1alpha1"
	application["kind"] = "Application"
	// An Application always lives beside its ApplicationSet, whatever template and patch say.
	metadataOf(application)["namespace"] = set.Metadata.Namespace
	return application, nil
}

func (set *applicationSet) addFinalizer(application object) {
	metadata := metadataOf(application)
	finalizers, _ := metadata["finalizers"].([]any)
	if !set.Spec.SyncPolicy.PreserveResourcesOnDeletion && len(finalizers) == 0 {
		metadata["finalizers"] = []any{resourcesFinalizer}
	}
}

// checkNames reports Applications that the controller would refuse: it tells them apart by name.
func checkNames(applications []object) []error {
	var problems []error
	var seen []string
	for _, application := range applications {
		name, _ := metadataOf(application)["name"].(string)
		if name == "" {
			problems = append(problems, errors.New("an application has no name"))
		} else if slices.Contains(seen, name) {
			problems = append(problems, fmt.Errorf("applications with duplicate name: %s", name))
		}
		seen = append(seen, name)
	}
	return problems
}

func metadataOf(application object) object {
	metadata, ok := application["metadata"].(object)
	if !ok {
		metadata = object{}
		application["metadata"] = metadata
	}
	return metadata
}

// decodeStrict reads a value into a struct and refuses fields that the struct does not have.
func decodeStrict(value any, target any) error {
	encoded, err := json.Marshal(value)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.DisallowUnknownFields()
	return decoder.Decode(target)
}

func deepCopy(value any) any {
	switch typed := value.(type) {
	case object:
		copied := make(object, len(typed))
		for key, child := range typed {
			copied[key] = deepCopy(child)
		}
		return copied
	case []any:
		copied := make([]any, len(typed))
		for index, child := range typed {
			copied[index] = deepCopy(child)
		}
		return copied
	default:
		return value
	}
}
