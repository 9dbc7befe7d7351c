export { ChatPage } from "./chat-page";
export { ListeningPage } from "./listening-page";
export { RadioPage } from "./radio-page";
