export const SignInPage = () => null;
export const SignInLinkPage = () => null;
export const SignUpPage = () => null;
