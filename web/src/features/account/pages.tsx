export { ForgotPasswordPage } from "./forgot-password-page";
export { LinkAccountPage } from "./link-account-page";
export { ResetPasswordPage } from "./reset-password-page";
export { SecondFactorPage } from "./second-factor-page";
export { SignInLinkPage } from "./sign-in-link-page";
export { SignInPage } from "./sign-in-page";
export { SignUpPage } from "./sign-up-page";
export { VerifyEmailPage } from "./verify-email-page";
