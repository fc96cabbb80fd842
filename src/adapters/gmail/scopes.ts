const base = "https://www.googleapis.com/auth";

/** What an action needs of the account. https://developers.google.com/workspace/gmail/api/auth/scopes */
export const sendScope = `${base}/gmail.send`;
export const readScope = `${base}/gmail.readonly`;
