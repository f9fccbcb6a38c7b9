package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"github.com/gosimple/slug"
	"sigs.k8s.io/yaml"
)

// maxTemplateDepth bounds how deep `tpl` may call itself.
const maxTemplateDepth = 3

// renderer renders Go templates with the functions and the options of one ApplicationSet.
type renderer struct {
	base    *template.Template
	options []string
}

// newRenderer refuses options that text/template does not know; it would panic on them.
func newRenderer(options []string) (result *renderer, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("spec.goTemplateOptions: %v", problem)
		}
	}()
	base := template.New("base").Funcs(templateFunctions()).Option(options...)
	return &renderer{base: base, options: options}, nil
}

// renderValue renders every string in a value, keys of objects included, and leaves everything else alone.
func (r *renderer) renderValue(value any, params object) (any, error) {
	switch typed := value.(type) {
	case string:
		return r.renderText(typed, params)
	case []any:
		rendered := make([]any, len(typed))
		for index, child := range typed {
			var err error
			if rendered[index], err = r.renderValue(child, params); err != nil {
				return nil, err
			}
		}
		return rendered, nil
	case object:
		return r.renderObject(typed, params)
	default:
		return value, nil
	}
}

func (r *renderer) renderObject(fields, params object) (object, error) {
	rendered := make(object, len(fields))
	for key, child := range fields {
		renderedChild, err := r.renderValue(child, params)
		if err != nil {
			return nil, err
		}
		renderedKey, err := r.renderText(key, params)
		if err != nil {
			return nil, err
		}
		rendered[renderedKey] = renderedChild
	}
	return rendered, nil
}

func (r *renderer) renderText(text string, params object) (string, error) {
	current, err := r.base.Clone()
	if err != nil {
		return "", err
	}
	current.Option(r.options...)
	current.Funcs(template.FuncMap{"tpl": templateFunction(current)})
	parsed, err := current.Parse(text)
	if err != nil {
		return "", fmt.Errorf("failed to parse template %q: %w", text, err)
	}
	var output strings.Builder
	if err := parsed.Execute(&output, params); err != nil {
		return "", fmt.Errorf("failed to execute template %q: %w", text, err)
	}
	return output.String(), nil
}

// templateFunctions are sprig's without those that look at the machine, and Argo CD's own.
func templateFunctions() template.FuncMap {
	functions := sprig.TxtFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(functions, name)
	}
	functions["normalize"] = normalize
	functions["slugify"] = slugify
	functions["toYaml"] = toYAML
	functions["fromYaml"] = fromYAML[object]
	functions["fromYamlArray"] = fromYAML[[]any]
	// Bound to each template before it runs; parsing needs the name.
	functions["tpl"] = func(string, any) (string, error) { return "", errors.New("tpl is not bound") }
	return functions
}

// templateFunction makes `tpl`, which renders text that is itself a parameter, with the caller's options.
func templateFunction(parent *template.Template) func(string, any) (string, error) {
	depth := 0
	return func(text string, params any) (string, error) {
		depth++
		defer func() { depth-- }()
		if depth > maxTemplateDepth {
			return "", fmt.Errorf("tpl is nested more than %d times", maxTemplateDepth)
		}
		clone, err := parent.Clone()
		if err != nil {
			return "", err
		}
		parsed, err := clone.New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		var output strings.Builder
		if err := parsed.Execute(&output, params); err != nil {
			return "", err
		}
		return strings.ReplaceAll(output.String(), "<no value>", ""), nil
	}
}

var notInName = regexp.MustCompile("[^-a-z0-9.]")

// normalize makes a DNS subdomain name: small letters, digits, `-` and `.`, at most 253 characters.
func normalize(name string) string {
	name = notInName.ReplaceAllString(strings.ToLower(name), "-")
	return strings.Trim(name[:min(len(name), 253)], "-.")
}

// slugify takes an optional length (50), optionally whether to cut at words (true), and last the text.
func slugify(arguments ...any) (string, error) {
	length, atWords, text := 50, true, ""
	count := len(arguments)
	ok := true
	if count > 0 {
		text, ok = arguments[count-1].(string)
	}
	if ok && count > 1 {
		length, ok = arguments[0].(int)
	}
	if ok && count > 2 {
		atWords, ok = arguments[1].(bool)
	}
	if !ok || count > 3 {
		return "", errors.New("slugify takes [length [cut at words]] text")
	}
	slug.MaxLength, slug.EnableSmartTruncate = length, atWords
	return slug.Make(normalize(text)), nil
}

func toYAML(value any) (string, error) {
	encoded, err := yaml.Marshal(value)
	return strings.TrimSuffix(string(encoded), "\n"), err
}

func fromYAML[T any](text string) (value T, err error) {
	err = yaml.Unmarshal([]byte(text), &value)
	return value, err
}
