// Owns: which actions the module brings.
// Promises: wires, and nothing else.
// Must not: hold code that acts.

import { createBackendModule } from "@backstage/backend-plugin-api";
import { scaffolderActionsExtensionPoint } from "@backstage/plugin-scaffolder-node";
import { createGenerateAction } from "./actions/generate.js";
import { createUpgradeAction } from "./actions/upgrade.js";
import { createValidateAction } from "./actions/validate.js";

/** Module of the scaffolder: the actions prodStack:repo:generate, prodStack:repo:upgrade and prodStack:repo:validate. */
export const scaffolderModuleProdStack = createBackendModule({
  pluginId: "scaffolder",
  moduleId: "prod-stack",
  register({ registerInit }) {
    registerInit({
      deps: { actions: scaffolderActionsExtensionPoint },
      async init({ actions }) {
        actions.addActions(createGenerateAction(), createUpgradeAction(), createValidateAction());
      },
    });
  },
});
