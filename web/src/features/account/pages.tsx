export { LinkAccountPage } from "./link-account-page";
export { SecondFactorPage } from "./second-factor-page";
export { SignInLinkPage } from "./sign-in-link-page";
export { SignInPage } from "./sign-in-page";
export { SignUpPage } from "./sign-up-page";
