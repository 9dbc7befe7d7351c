import type { ComponentType } from "react";

/** The subjects of the privacy page, in the order they are shown. Each is a file of its own that shows a `Section`. */
export const sections: readonly ComponentType[] = [];
