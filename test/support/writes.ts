/** A call of each tool that sends, books or changes something, as an agent would make it. */
export const writes: [name: string, given: Record<string, unknown>][] = [
  ["email_personal_send", { to: ["alan.turing@example.com"], subject: "Plans", body: "Tea?" }],
  ["slack_personal_send", { to: "#general", text: "hello" }],
  ["whatsapp_personal_send", { to: "+4915112345678", text: "hello" }],
  ["linkedin_personal_post", { text: "hello" }],
  [
    "book_restaurant_public_book",
    { restaurant_name: "Trattoria Bella", date: "2035-12-04", time: "19:30", party_size: 4 },
  ],
  ["book_restaurant_public_cancel", { booking_id: "bkg_x" }],
  ["calendar_personal_create_event", { event_title: "Tea", start_date: "2035-12-04T10:00:00" }],
  ["calendar_personal_update_event", { event_id: "x", event_title: "Tea" }],
  ["calendar_personal_delete_event", { event_id: "x" }],
  ["notes_add", { title: "from an agent" }],
  ["notes_remove", { note_id: "note_0123456789ab" }],
];
