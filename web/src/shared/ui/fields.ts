// The form controls in one place; each is a module of its own, so that a page loads what it shows.
export { fieldClasses } from "./field-classes";
export { Select, type Option } from "./select";
export { TextField } from "./text-field";
