// Command go-metrics lists the Prometheus metrics that Go source files define.
//
// It reads the syntax trees of the folders given as arguments (no sub-folders, no tests), finds the calls that
// define metrics (NewDesc, NewCounterVec, NewGauge and so on), evaluates their constant arguments, and prints the
// families as JSON. It never guesses: a name that is no constant is left out and reported on standard error, and
// labels that cannot be evaluated are null.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// family is one metric family; Labels is nil where they are not constant.
type family struct {
	Name   string   `json:"name"`
	Type   string   `json:"type"`
	Labels []string `json:"labels"`
}

var constructors = map[string]string{
	"NewCounter": "counter", "NewGauge": "gauge", "NewHistogram": "histogram", "NewSummary": "summary",
}

func main() {
	files, names := load(os.Args[1:])
	families := map[string]family{}
	for _, file := range files {
		collect(file, names, families)
	}
	sorted := make([]family, 0, len(families))
	for _, found := range families {
		sorted = append(sorted, found)
	}
	sort.Slice(sorted, func(a, b int) bool { return sorted[a].Name < sorted[b].Name })
	if err := json.NewEncoder(os.Stdout).Encode(sorted); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func load(folders []string) ([]*ast.File, scope) {
	var files []*ast.File
	names := scope{}
	for _, folder := range folders {
		paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(paths) == 0 {
			fmt.Fprintln(os.Stderr, "no Go files in", folder)
			os.Exit(1)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			files = append(files, file)
			names.add(file)
		}
	}
	return files, names
}

func collect(file *ast.File, names scope, families map[string]family) {
	descriptions := valueTypes(file)
	ast.Inspect(file, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		name := calledName(call)
		base := strings.TrimSuffix(strings.TrimSuffix(name, "Vec"), "Func")
		switch {
		case name == "NewDesc" && len(call.Args) >= 3:
			fullName, ok := names.text(call.Args[0], 0)
			report(families, family{fullName, descriptions, names.list(call.Args[2], 0)}, ok)
		case constructors[base] != "":
			fullName, ok := names.optsName(call.Args[0])
			labels := []string{}
			if strings.HasSuffix(name, "Vec") && len(call.Args) >= 2 {
				labels = names.list(call.Args[1], 0)
			}
			report(families, family{fullName, constructors[base], labels}, ok)
		}
		return true
	})
}

func report(families map[string]family, found family, ok bool) {
	if !ok || found.Name == "" {
		fmt.Fprintln(os.Stderr, "left out: a metric whose name is no constant")
		return
	}
	families[found.Name] = found
}

// valueTypes is the type of the file's descriptions: the one it uses, or untyped where it uses several.
func valueTypes(file *ast.File) string {
	used := map[string]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			switch selector.Sel.Name {
			case "GaugeValue":
				used["gauge"] = true
			case "CounterValue":
				used["counter"] = true
			}
		}
		return true
	})
	if len(used) == 1 {
		for only := range used {
			return only
		}
	}
	return "untyped"
}

func calledName(call *ast.CallExpr) string {
	switch function := call.Fun.(type) {
	case *ast.SelectorExpr:
		return function.Sel.Name
	case *ast.Ident:
		return function.Name
	}
	return ""
}
