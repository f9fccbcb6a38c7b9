// Owns: the custom resources of datastores that an operator runs.
// Promises: an environment that agrees with the base adds nothing; each object stands wherever the operator runs the datastore.
// Must not: know an operator; src/stack/engines does.

import type { Datastore } from "../../stack/datastore.js";
import type { OperatorObject } from "../../stack/engines/engine-operator.js";
import type { Environment, Stack, View } from "../../stack/stack.js";
import type { FileSpec } from "../capability.js";
import { labelsOf, selectorOf } from "../labels.js";
import { layeredObject } from "../layered-object.js";
import { COMPONENT, changeOf } from "./own-datastore.js";

type Operated = Datastore & { readonly operator: NonNullable<Datastore["operator"]> };

function operatedIn({ datastores }: Pick<View, "datastores">, name: string): Operated | undefined {
  return datastores
    .filter((datastore): datastore is Operated => datastore.operator !== undefined)
    .find((datastore) => datastore.name === name);
}

function identityOf({ apiVersion, kind, name }: OperatorObject): string {
  return `${apiVersion} ${kind} ${name}`;
}

/** The objects of a datastore in any view: of the first view that has each. */
function objectsOf(stack: Stack, name: string): OperatorObject[] {
  const all = [stack.base, ...stack.environments].flatMap(
    (view) => operatedIn(view, name)?.operator.objects ?? [],
  );
  return [...new Map([...all].reverse().map((object) => [identityOf(object), object])).values()].reverse();
}

/** All that the template of an object reads, where the operator runs the datastore. */
function viewIn(stack: Stack, view: View | Environment, name: string, identity: string) {
  const datastore = operatedIn(view, name);
  const object = datastore?.operator.objects.find((candidate) => identityOf(candidate) === identity);
  if (datastore === undefined || object === undefined) return undefined;
  const { image, version, clients } = datastore;
  return {
    name: object.name,
    labels: labelsOf(stack, name, COMPONENT, image?.tag ?? version),
    selector: selectorOf(stack, name),
    image: image?.reference,
    imageException: image?.exception,
    clients: clients.map((client) => ({ name: client, selector: selectorOf(stack, client) })),
    pullSecrets: view.settings.pullSecrets,
    inherited: { "app.kubernetes.io/part-of": stack.name },
    ...object.view,
  };
}

export function operatorFiles(stack: Stack): FileSpec[] {
  return stack.base.datastores.flatMap(({ name }) =>
    objectsOf(stack, name).flatMap((object) => {
      const { apiVersion, kind, fileName, template, patch, about } = object;
      const identity = identityOf(object);
      return layeredObject(stack, {
        object: { apiVersion, kind, name: object.name },
        directory: `base/${name}`,
        fileName,
        template,
        about: { ...about, change: changeOf({ name }) },
        base: viewIn(stack, stack.base, name, identity),
        inEnvironment: (environment) => viewIn(stack, environment, name, identity),
        patch: (_environment, view) => ({ template: patch, view }),
      });
    }),
  );
}
