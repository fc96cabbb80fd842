interface Label {
  id: string;
  name: string;
  type: "system" | "user";
  messageListVisibility?: "show" | "hide";
  labelListVisibility?: "labelShow" | "labelHide" | "labelShowIfUnread";
}

const system = (id: string): Label => ({ id, name: id, type: "system" });
const hidden = (id: string): Label => ({
  ...system(id),
  messageListVisibility: "hide",
  labelListVisibility: "labelHide",
});
const user = (number: number, name: string): Label => ({
  id: `Label_${number}`,
  name,
  type: "user",
  messageListVisibility: "show",
  labelListVisibility: "labelShow",
});

export const labels: readonly Label[] = [
  hidden("CHAT"),
  system("SENT"),
  system("INBOX"),
  hidden("IMPORTANT"),
  hidden("TRASH"),
  system("DRAFT"),
  hidden("SPAM"),
  hidden("CATEGORY_FORUMS"),
  hidden("CATEGORY_UPDATES"),
  hidden("CATEGORY_PERSONAL"),
  hidden("CATEGORY_PROMOTIONS"),
  hidden("CATEGORY_SOCIAL"),
  system("STARRED"),
  system("UNREAD"),
  user(1, "Receipts"),
  user(2, "Travel"),
  user(3, "Royal Society"),
];

export const labelIds: ReadonlyMap<string, string> = new Map(labels.map(({ id, name }) => [name.toLowerCase(), id]));
