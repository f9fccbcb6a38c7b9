package main

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"
)

// applyTemplatePatch renders the patch and merges it into the Application. The project stays as the template has it, so
// that a patch cannot leave its project.
func applyTemplatePatch(renderer *renderer, application object, patch string, params object) (object, error) {
	rendered, err := renderer.renderText(patch, params)
	if err != nil {
		return nil, err
	}
	changes := object{}
	if err := yaml.UnmarshalStrict([]byte(rendered), &changes); err != nil {
		return nil, fmt.Errorf("invalid patch %q: %w", rendered, err)
	}
	before, err := json.Marshal(application)
	if err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(changes)
	if err != nil {
		return nil, err
	}
	after, err := strategicpatch.StrategicMergePatchUsingLookupPatchMeta(before, encoded, applicationPatchMeta{})
	if err != nil {
		return nil, err
	}
	patched := object{}
	if err := json.Unmarshal(after, &patched); err != nil {
		return nil, err
	}
	keepProject(patched, application)
	return patched, nil
}

func keepProject(patched, application object) {
	spec, ok := patched["spec"].(object)
	if !ok {
		return
	}
	original, _ := application["spec"].(object)
	if project, present := original["project"]; present {
		spec["project"] = project
	} else {
		delete(spec, "project")
	}
}

// applicationPatchMeta tells how lists in an Application are merged: of all its lists only two of its metadata have a
// merge strategy, the others are replaced.
type applicationPatchMeta struct {
	path string
}

func (meta applicationPatchMeta) LookupPatchMetadataForStruct(key string) (strategicpatch.LookupPatchMeta, strategicpatch.PatchMeta, error) {
	child := applicationPatchMeta{meta.path + "/" + key}
	patchMeta := strategicpatch.PatchMeta{}
	switch child.path {
	case "/metadata/finalizers":
		patchMeta.SetPatchStrategies([]string{"merge"})
	case "/metadata/ownerReferences":
		patchMeta.SetPatchStrategies([]string{"merge"})
		patchMeta.SetPatchMergeKey("uid")
	}
	return child, patchMeta, nil
}

func (meta applicationPatchMeta) LookupPatchMetadataForSlice(key string) (strategicpatch.LookupPatchMeta, strategicpatch.PatchMeta, error) {
	return meta.LookupPatchMetadataForStruct(key)
}

func (meta applicationPatchMeta) Name() string {
	return meta.path
}
