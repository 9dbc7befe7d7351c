import type { ComponentType } from "react";
import { ConsentsSection } from "./consents-section";
import { DeletionSection } from "./deletion-section";
import { ExportSection } from "./export-section";
import { ImportSection } from "./import-section";
import { VisibilitySection } from "./visibility-section";

/** The subjects of the privacy page, in the order they are shown. Each is a file of its own that shows a `Section`. */
export const sections: readonly ComponentType[] = [
  VisibilitySection,
  ConsentsSection,
  ExportSection,
  ImportSection,
  DeletionSection,
];
