/**
 * A text in LinkedIn's form for posts, where these signs would mean something else or cut the text off. A hashtag stays one.
 * https://learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format
 */
export const toLittleText = (text: string): string =>
  text.toWellFormed().replace(/#(?![\p{L}\p{N}_])|[\\|{}@[\]()<>*_~]/gu, (sign) => `\\${sign}`);
