import { ada, alan, grace, type Seed } from "./seed.ts";

const day = 24;
const everyone = `${ada}, ${grace}, ${alan}`;

const receipt = (key: string, ago: number, shop: string, thing: string, price: string, number: string): Seed => ({
  key,
  ago,
  from: `${shop} <orders@${key.split("-")[0]}.example.com>`,
  to: ada,
  subject: `Your receipt ${number}`,
  text: `Thank you for your order.\n\n${thing}: £${price}\nOrder number: ${number}\n\n${shop}`,
  html: `<html><body><h2>Thank you for your order</h2><table><tr><td>${thing}</td><td>&pound;${price}</td></tr></table><p>Order number: <b>${number}</b></p></body></html>`,
  labels: ["Label_1", "CATEGORY_UPDATES"],
});

const newsletter = (ago: number, number: number, headline: string, story: string): Seed => ({
  key: `news-${number}`,
  ago,
  from: "The Daily Abacus <news@abacus.example.net>",
  to: everyone,
  subject: `The Daily Abacus #${number}: ${headline}`,
  html: `<!doctype html><html><head><style>p{color:#222}</style><title>Abacus</title></head><body>
<h1>${headline}</h1>
<p>${story}</p>
<ul><li>Sums of the week</li><li>Letters to the editor</li></ul>
<p><a href="https://abacus.example.net/issues/${number}?utm_source=mail">Read on</a> &nbsp;|&nbsp; <a href="https://abacus.example.net/unsubscribe">Unsubscribe</a></p>
<img src="https://abacus.example.net/pixel.gif" width="1" height="1" alt="">
</body></html>`,
  headers: ["List-Unsubscribe: <https://abacus.example.net/unsubscribe>"],
  labels: ["CATEGORY_PROMOTIONS"],
  ...(number > 412 ? { unread: true as const } : {}),
});

/** What machines and shops sent. */
export const notices: readonly Seed[] = [
  receipt("bookshop-1", 2 * day, "Hatchards Bookshop", "De Morgan, Formal Logic", "12.40", "HB-20417"),
  receipt("bookshop-2", 33 * day, "Hatchards Bookshop", "Somerville, Mechanism of the Heavens", "18.00", "HB-19844"),
  receipt("brass-1", 20 * day, "Clement & Sons", "Brass gear wheels, 24 teeth, a dozen", "96.00", "CS-771"),
  receipt("paper-1", 50 * day, "Dover Paper", "Ruled paper, 500 sheets", "3.75", "DP-5529"),
  newsletter(10, 414, "Looms that remember", "In Lyon a loom weaves portraits from 24,000 punched cards."),
  newsletter(7 * day + 10, 413, "Tables without errors", "A nautical almanac was printed without one known mistake."),
  newsletter(14 * day + 10, 412, "Counting in twos", "An old idea of Leibniz finds new friends."),
  newsletter(21 * day + 10, 411, "The slide rule turns 200", "Collectors pay sums that no slide rule can hold."),
  newsletter(28 * day + 10, 410, "On the teaching of long division", "Is it time to let the machine do it?"),
  {
    key: "train",
    ago: 26,
    from: "Great Western Tickets <tickets@gwr.example.co.uk>",
    to: ada,
    subject: "Your ticket to Bristol Temple Meads",
    text: "London Paddington 09:30 - Bristol Temple Meads 11:12\nCoach B, seat 41, facing forwards.\n\nShow the attached ticket on the train.",
    html: "<p>London Paddington <b>09:30</b> &ndash; Bristol Temple Meads <b>11:12</b></p><p>Coach B, seat 41, facing forwards.</p>",
    attachments: [
      { name: "ticket.pdf", type: "application/pdf", content: "%PDF-1.4\n% seat 41\n%%EOF\n" },
      {
        name: "journey.ics",
        type: "text/calendar; charset=utf-8; method=PUBLISH",
        content: "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//GWR//EN\r\nEND:VCALENDAR\r\n",
      },
    ],
    labels: ["Label_2", "CATEGORY_UPDATES"],
    unread: true,
  },
  {
    key: "hotel",
    ago: 25,
    from: "Clifton House <stay@clifton.example.co.uk>",
    to: ada,
    subject: "Booking confirmed: two nights in Bristol",
    text: "We look forward to your stay. Breakfast is served from 7. The bridge is a short walk away.",
    labels: ["Label_2"],
  },
  {
    key: "library",
    ago: 13 * day,
    from: "London Library <loans@library.example.org>",
    to: `${ada}, ${alan}`,
    subject: "A book is due",
    text: "Laplace, Exposition du système du monde, is due back in three days.\nRenew it at https://library.example.org/renew",
    labels: ["CATEGORY_UPDATES"],
  },
  {
    key: "bank",
    ago: 17 * day,
    from: "Coutts <statements@bank.example.com>",
    to: ada,
    subject: "Your statement is ready",
    html: '<div style="font-family:serif"><p>Dear customer,</p><p>your statement of account is ready. For your safety we do not link to it.</p></div>',
    labels: ["CATEGORY_UPDATES"],
  },
  {
    key: "society",
    ago: 45 * day,
    from: "Royal Society <events@royalsociety.example.org>",
    to: everyone,
    subject: "Evening lecture: what machines cannot do",
    html: "<p>On the 12th, at half past seven. <a href='https://royalsociety.example.org/lectures'>https://royalsociety.example.org/lectures</a></p>",
    labels: ["Label_3"],
  },
  {
    key: "navy",
    ago: 16 * day,
    from: "Naval Reserve <office@navy.example.mil>",
    to: grace,
    subject: "Nanoseconds",
    text: "Rear Admiral,\n\nthe wires of 11.8 inches have arrived, two hundred of them.",
  },
  {
    key: "park",
    ago: 18 * day,
    from: "Bletchley Running Club <club@runners.example.org>",
    to: alan,
    subject: "Results of the marathon",
    text: "Fifth place, in 2 hours 46 minutes. Congratulations!",
  },
  {
    key: "old-offer",
    ago: 90 * day,
    from: "Perfumery <hello@scents.example.com>",
    to: ada,
    subject: "Last days of lavender",
    text: "Everything must go.",
    place: "TRASH",
  },
  {
    key: "lottery",
    ago: 2 * day,
    from: "Lottery Board <winner@lottery.example.biz>",
    to: everyone,
    subject: "You have WON £1,000,000!!!",
    text: "Send us your bank's details at once.",
    place: "SPAM",
    unread: true,
  },
];
