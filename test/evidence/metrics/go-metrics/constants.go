package main

import (
	"go/ast"
	"go/token"
	"strings"
)

// scope holds, by bare name, every expression that the sources assign to it.
type scope map[string][]ast.Expr

func (names scope) add(file *ast.File) {
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ValueSpec:
			for index, name := range node.Names {
				if index < len(node.Values) {
					names[name.Name] = append(names[name.Name], node.Values[index])
				}
			}
		case *ast.AssignStmt:
			for index, target := range node.Lhs {
				if name, ok := target.(*ast.Ident); ok && index < len(node.Rhs) && len(node.Lhs) == len(node.Rhs) {
					names[name.Name] = append(names[name.Name], node.Rhs[index])
				}
			}
		}
		return true
	})
}

// optsName joins Namespace, Subsystem and Name of an options literal as BuildFQName does.
func (names scope) optsName(expr ast.Expr) (string, bool) {
	if address, ok := expr.(*ast.UnaryExpr); ok {
		expr = address.X
	}
	literal, ok := expr.(*ast.CompositeLit)
	if !ok {
		return "", false
	}
	parts := map[string]string{}
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := pair.Key.(*ast.Ident)
		if !ok || (key.Name != "Namespace" && key.Name != "Subsystem" && key.Name != "Name") {
			continue
		}
		value, ok := names.text(pair.Value, 0)
		if !ok {
			return "", false
		}
		parts[key.Name] = value
	}
	return join(parts["Namespace"], parts["Subsystem"], parts["Name"]), parts["Name"] != ""
}

func join(parts ...string) string {
	var present []string
	for _, part := range parts {
		if part != "" {
			present = append(present, part)
		}
	}
	return strings.Join(present, "_")
}

// text evaluates a constant string. A name that is assigned different texts is no constant.
func (names scope) text(expr ast.Expr, depth int) (string, bool) {
	if depth > 8 {
		return "", false
	}
	switch expr := expr.(type) {
	case *ast.BasicLit:
		return strings.Trim(expr.Value, "`\""), expr.Kind == token.STRING
	case *ast.BinaryExpr:
		left, leftOk := names.text(expr.X, depth+1)
		right, rightOk := names.text(expr.Y, depth+1)
		return left + right, leftOk && rightOk && expr.Op == token.ADD
	case *ast.Ident:
		return names.onlyText(expr.Name, depth)
	case *ast.SelectorExpr:
		return names.onlyText(expr.Sel.Name, depth)
	case *ast.CallExpr:
		if calledName(expr) != "BuildFQName" || len(expr.Args) != 3 {
			return "", false
		}
		parts := make([]string, 3)
		for index, argument := range expr.Args {
			part, ok := names.text(argument, depth+1)
			if !ok {
				return "", false
			}
			parts[index] = part
		}
		return join(parts...), parts[2] != ""
	}
	return "", false
}

func (names scope) onlyText(name string, depth int) (string, bool) {
	found := ""
	for index, assigned := range names[name] {
		text, ok := names.text(assigned, depth+1)
		if !ok || (index > 0 && text != found) {
			return "", false
		}
		found = text
	}
	return found, len(names[name]) > 0
}

// list evaluates a list of label names; the result is nil where it is not constant.
// A name that is assigned several times has the labels of all its assignments: the metric may have any of them.
func (names scope) list(expr ast.Expr, depth int) []string {
	if depth > 8 {
		return nil
	}
	switch expr := expr.(type) {
	case *ast.CompositeLit:
		return names.elements(expr.Elts, depth)
	case *ast.Ident:
		if expr.Name == "nil" {
			return []string{}
		}
		return names.union(expr.Name, depth)
	case *ast.SelectorExpr:
		return names.union(expr.Sel.Name, depth)
	case *ast.CallExpr:
		switch calledName(expr) {
		case "make":
			return []string{}
		case "append":
			return names.appended(expr, depth)
		}
	}
	return nil
}

func (names scope) elements(elements []ast.Expr, depth int) []string {
	labels := []string{}
	for _, element := range elements {
		label, ok := names.text(element, depth+1)
		if !ok {
			return nil
		}
		labels = append(labels, label)
	}
	return labels
}

func (names scope) appended(call *ast.CallExpr, depth int) []string {
	labels := names.list(call.Args[0], depth+1)
	if labels == nil {
		return nil
	}
	if call.Ellipsis.IsValid() {
		more := names.list(call.Args[1], depth+1)
		if more == nil {
			return nil
		}
		return merge(labels, more)
	}
	more := names.elements(call.Args[1:], depth)
	if more == nil {
		return nil
	}
	return merge(labels, more)
}

func (names scope) union(name string, depth int) []string {
	var labels []string
	for _, assigned := range names[name] {
		if calls, ok := assigned.(*ast.CallExpr); ok && calledName(calls) == "append" && selfAppend(calls, name) {
			labels = merge(labels, names.elements(calls.Args[1:], depth))
			continue
		}
		more := names.list(assigned, depth+1)
		if more == nil {
			return nil
		}
		labels = merge(labels, more)
	}
	return labels
}

func selfAppend(call *ast.CallExpr, name string) bool {
	target, ok := call.Args[0].(*ast.Ident)
	return ok && target.Name == name && !call.Ellipsis.IsValid()
}

func merge(first, second []string) []string {
	merged := append([]string{}, first...)
	for _, label := range second {
		present := false
		for _, known := range merged {
			present = present || known == label
		}
		if !present {
			merged = append(merged, label)
		}
	}
	return merged
}
