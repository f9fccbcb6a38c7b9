// Owns: the public API of the package.
// Promises: the module as default export, as backend.add(import(…)) and discovery expect it; each action for who registers it otherwise.
// Must not: hold code.

export { createGenerateAction } from "./actions/generate.js";
export { createUpgradeAction } from "./actions/upgrade.js";
export { createValidateAction } from "./actions/validate.js";
export { scaffolderModuleProdStack, scaffolderModuleProdStack as default } from "./module.js";
