// Owns: the pages: catalog and scaffolder, and nothing of ours.
// Promises: what a company's Backstage has too, so that the form looks here as it does there.
// Must not: extend them.

import { createApp } from "@backstage/frontend-defaults";
import catalog from "@backstage/plugin-catalog/alpha";
import scaffolder from "@backstage/plugin-scaffolder/alpha";
import ReactDOM from "react-dom/client";
import "@backstage/ui/css/styles.css";

const root = document.getElementById("root");
if (root !== null) ReactDOM.createRoot(root).render(createApp({ features: [catalog, scaffolder] }).createRoot());
