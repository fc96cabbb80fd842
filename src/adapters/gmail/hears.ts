import type { Hearing } from "../../core/hearing.ts";

export const hearsSend: Hearing = {
  says: [
    "send|write|shoot|compose|draft|fire_off|drop email|e-mail|mail|message|note_to|line",
    "email|e-mail|mail|message saying|tell|telling|about|that_says|subject|to_say|and_say|and_tell|asking|titled|ask|that",
    "write_to|mail_to|email_to that|about|saying|and|say",
    "reply|respond|answer_to to|that|saying|email|mail|message",
    "?email|mail|send",
  ],
  slots: {
    body: {
      as: "text",
      rest: true,
      after: [
        "saying that", "that says that", "that says", "saying", "and say that", "and say", "to say that", "to say",
        "telling her that", "telling him that", "telling them that", "telling her", "telling him", "telling them",
        "and tell her that", "and tell him that", "and tell them that", "and tell her", "and tell him", "and tell them", "and write", "with the text", "with the message", "body",
        "the message is", "asking", "and ask", "to let her know that", "to let him know that", "to let them know that", "to let her know", "to let him know", "to let them know", "letting them know", "letting her know that", "letting him know that", "letting her know", "letting him know", "that",
      ],
    },
    reply_to: { as: "id" },
    cc: { as: "people", after: ["cc to", "copy to", "cc", "copying in", "copying", "copy in", "with a copy to"] },
    bcc: { as: "people", after: ["bcc", "blind copy to", "hidden copy to"] },
    to: {
      as: "people",
      after: ["email to", "mail to", "message to", "line to", "to", "send", "email", "mail", "message", "write"],
      until: ["an email", "a mail", "a message", "an e-mail", "a line", "that"],
      all: true,
    },
    subject: {
      as: "text",
      after: ["with the subject line", "subject line", "with the subject", "with subject", "subject", "titled", "entitled", "about", "regarding", "concerning", "re"],
      until: ["and say", "saying", "telling", "and tell", "to ada", "to"],
      wanted: true,
    },
  },
};

export const hearsSearch: Hearing = {
  says: [
    "show|find|search|check|list|get|any|read|open|look|see|have|got|what|which|where|is_there|did|fetch|give email|emails|e-mail|mail|mails|inbox|mailbox|male|messages|message|gmail",
    "unread|new|latest|recent|last|starred|important email|emails|mail|mails|message|messages|inbox",
    "find|show|where|search|look sent|sent_me|wrote|wrote_me|emailed",
    "what|did|has|have|when write_me|written_me|send_me|sent_me|wrote_me|email_me|mail_me",
    "sent|wrote|written me|email|mail|did",
    "?inbox|mailbox|unread|emails|mail",
  ],
  slots: {
    max_results: { as: "count", after: ["last", "latest", "first", "newest"], units: ["emails", "mails", "messages"] },
    query: {
      as: "terms",
      words: {
        "is:unread": ["have not read", "haven't read", "unread", "new"],
        "is:starred": ["starred", "with a star"],
        "is:important": ["important"],
        "in:sent": ["i sent", "have sent", "i've sent"],
        "has:attachment": ["with attachments", "with an attachment", "with a file", "that has an attachment", "that have attachments", "with files", "attachments"],
        "newer_than:1d": ["from today", "of today", "today", "this morning"],
        "newer_than:2d": ["from yesterday", "since yesterday", "yesterday"],
        "newer_than:7d": ["from last week", "from this week", "of the last week", "from the last week", "last week", "this week", "the past week"],
        "newer_than:1m": ["from last month", "from this month", "last month", "this month"],
        "newer_than:1y": ["from last year", "from this year", "last year", "this year"],
      },
      named: {
        from: ["that i got from", "that came from", "i got from", "from", "sent by", "written by", "by"],
        to: ["sent to", "to"],
      },
      namedBefore: { from: ["sent", "send me", "wrote", "write me"] },
      until: ["about", "with", "regarding", "concerning", "containing", "mentioning", "that", "on", "sent", "since", "in", "is", "are", "called", "please", "for"],
    },
  },
};

export const hearsRead: Hearing = {
  says: ["read|open|show|display email|mail|message|thread"],
  slots: { message_id: { as: "id" } },
  needs: "message_id",
};

export const hearsLabels: Hearing = {
  says: ["what|list|show|which|my|have|see label|labels|folder|folders email|mail|mailbox|gmail|inbox", "label|labels", "?folders"],
};
