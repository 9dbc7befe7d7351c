export { JamPage } from "./jam-page";
