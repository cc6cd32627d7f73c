// A reader's answers on one page, saved as one file; a class's files read back. Nothing is sent.
"use strict";
(() => {
const { all, judge, kept, make } = ReceiptBook;
const KIND = "receiptbook answers", LARGEST = 2e6; // bytes of a file that is read
const STANDS = { right: "right", near: "within the range", tried: "tried", written: "not checked yet", changed: "the question has changed since" };
const MARKS = { right: "✓", near: "≈", tried: "×", written: "–", changed: "–" };
const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

const root = document.querySelector(".answers"), book = root.dataset.book;
const chapters = all(".chapter", root).map((box) => ({
  box, page: box.dataset.page, title: box.querySelector("h3").textContent, tag: box.querySelector("summary span"),
  questions: all("li", box).map((item) => ({
    item, called: item.dataset.called, id: item.dataset.question, name: item.textContent.trim(), edition: item.dataset.edition,
    prompt: item.dataset.prompt, facts: JSON.parse(item.dataset.judged),
  })),
}));
const toAnswer = (questions) => questions.filter(({ facts }) => facts.form !== "open").length;
const every = chapters.flatMap(({ questions }) => questions), known = new Set(every.map(({ id }) => id));

// How an answer stands: a key of STANDS, or nothing where there is none.
const standing = ({ facts, edition }, entry, checked = entry?.checked) => {
  if (!entry) return "";
  if (entry.edition !== edition) return "changed";
  if (!checked) return "written";
  const outcome = judge(facts, entry.given);
  return outcome === "right" ? outcome : ["near", "coarse"].includes(outcome) ? "near" : "tried";
};
const counts = (kinds) => {
  const n = (kind) => kinds.filter((one) => one === kind).length;
  return { answered: kinds.filter(Boolean).length, right: n("right"), near: n("near"), tried: n("tried"), written: n("written"), changed: n("changed") };
};
const inWords = (kinds, of) => {
  const { answered, ...each } = counts(kinds);
  const some = Object.keys(each).filter((kind) => each[kind]).map((kind) => `${each[kind]} ${STANDS[kind]}`);
  return `${answered} of ${of} answered${some.length ? `: ${some.join(", ")}` : ""}`;
};

const save = (name, type, text) => {
  const link = make("a"), address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
};
const slug = (text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
const told = (id, { label }) => `${label || id}: `;

// --- the reader's own

const others = (entries, page) => Object.entries(entries).filter(([id, entry]) => entry.page === page && !known.has(id));
const mine = () => {
  const entries = kept.all(), kinds = [];
  for (const { box, page, tag, questions } of chapters) {
    const here = questions.map((one) => {
      const entry = entries[one.id], kind = standing(one, entry);
      for (const old of all(".given", one.item)) old.remove();
      if (entry) {
        const line = make("p", "given", `${entry.given} · `);
        line.append(make("b", kind, STANDS[kind]));
        if (entry.tries > 1) line.append(` after ${entry.tries} tries`);
        one.item.append(line);
      }
      return kind;
    });
    for (const old of all(":scope > .given", box)) old.remove();
    const notes = others(entries, page);
    for (const [id, entry] of notes) {
      const line = make("p", "given", entry.given);
      line.prepend(make("b", "", told(id, entry)));
      box.append(line);
    }
    tag.textContent = here.some(Boolean) ? inWords(here, toAnswer(questions)) : `${toAnswer(questions)} to answer`;
    box.open = here.some(Boolean) || notes.length > 0;
    kinds.push(...here);
  }
  root.querySelector(".sum").textContent = Object.keys(entries).some((id) => id !== "name")
    ? `${inWords(kinds, toAnswer(every))}.` : "Nothing is kept in this browser yet. Answer a question of a chapter, and it stands here.";
};

// One file that opens with a double click and that this page reads back.
const file = (name, entries) => {
  const day = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" }), kinds = [];
  const parts = chapters.map(({ page, title, questions }) => {
    const rows = questions.filter(({ id }) => entries[id]).map((one) => {
      const entry = entries[one.id], kind = standing(one, entry);
      kinds.push(kind);
      return `<tr><td>${escape(one.called)}<td>${escape(one.prompt)}<td>${escape(entry.given)}<td>${STANDS[kind]}<td>${entry.tries ?? ""}`;
    });
    const notes = others(entries, page).map(([id, entry]) => `<p class="note"><b>${escape(told(id, entry))}</b>${escape(entry.given)}</p>`);
    const table = rows.length ? `<table><thead><tr><th scope="col"><th scope="col">Asked<th scope="col">Answer<th scope="col">How it stands<th scope="col">Tries<tbody>${rows.join("\n")}</table>` : "";
    return table || notes.length ? `<h2>${escape(title)}</h2>${table}${notes.join("\n")}` : "";
  });
  const sum = inWords(kinds, toAnswer(every));
  const data = JSON.stringify({ kind: KIND, book, name, saved: new Date().toISOString(), answers: entries }).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="${document.documentElement.lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(name || "Answers")}: ${escape(book)}</title>
<style>body{font:16px/1.5 Georgia,serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}tr{break-inside:avoid}.note{white-space:pre-wrap}</style>
<h1>${escape(name || "Answers without a name")}</h1>
<p>Answers to questions of <cite>${escape(book)}</cite>, saved on ${day}. ${sum}.</p>
<p>This file was saved from a browser and can be edited. It does not prove who wrote it.</p>
${parts.filter(Boolean).join("\n")}
<script type="application/json" id="answers">${data}</script>
</html>
`;
};

// What another page could not keep comes in the address.
const takeAlong = () => {
  const given = /^#kept=(.*)/s.exec(location.hash);
  if (!given) return;
  try { for (const [id, entry] of Object.entries(entriesOf(JSON.parse(decodeURIComponent(given[1]))))) kept.put(id, entry); } catch { /* not ours */ }
  try { history.replaceState(null, "", location.pathname + location.search); } catch { /* a folder may forbid it */ }
};
const entriesOf = (answers) => Object.fromEntries(Object.entries(answers ?? {}).filter(([, entry]) => typeof entry?.given === "string").map(([id, entry]) => {
  const { given, checked, tries, edition, page, label, when } = entry, text = (value) => typeof value === "string" ? value.slice(0, 300) : undefined;
  return [id, { given: given.slice(0, 20000), checked: checked === true, tries: Number.isInteger(tries) ? tries : 0, edition: text(edition), page: text(page), label: text(label), when: text(when) }];
}));

const form = root.querySelector(".hand-in"), named = form.querySelector("input");
takeAlong();
form.hidden = false;
kept.hear((works) => { if (!works) root.querySelector(".sum").textContent = "This browser keeps nothing here: its storage is full or blocked. Save the file before you close this page."; });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const name = named.value.trim(), { name: _, ...entries } = kept.all();
  save(`answers-${slug(name) || "without-name"}.html`, "text/html", file(name, entries));
});
form.querySelector(".print").onclick = () => print();
form.querySelector(".forget").onclick = () => {
  if (!confirm("Forget all answers and notes of this book? They cannot be brought back.")) return;
  kept.forget(Object.keys(kept.all()));
  named.value = "";
  mine();
};
mine();
addEventListener("pageshow", mine);

// --- a class's

const desk = document.querySelector(".class-answers"), chosen = desk.querySelector("input");
let students = [];
const opened = async (one) => {
  if (one.size > LARGEST) throw new Error("is too large");
  const text = /<script type="application\/json" id="answers">(.*?)<\/script>/s.exec(await one.text())?.[1];
  let data = null;
  try { data = JSON.parse(text); } catch { /* said below */ }
  if (data?.kind !== KIND) throw new Error("holds no answers");
  if (data.book !== book) throw new Error("belongs to another book");
  const name = typeof data.name === "string" ? data.name.trim().slice(0, 80) : "";
  return { file: one.name, name: name || one.name.replace(/\.html?$/, ""), answers: entriesOf(data.answers) };
};
const short = ({ facts }, given) => {
  const n = facts.choices?.indexOf(given) ?? -1;
  return n >= 0 ? "ABCDEFGHIJ"[n] : given.length > 16 ? `${given.slice(0, 15)}…` : given;
};
const cell = (tag, scope, ...inside) => {
  const made = make(tag);
  if (scope) made.scope = scope;
  made.append(...inside);
  return made;
};
const drawn = () => {
  const columns = chapters.map((chapter) => ({ ...chapter, questions: chapter.questions.filter(({ id }) => students.some(({ answers }) => answers[id])) }))
    .filter(({ questions }) => questions.length);
  const table = make("table"), upper = make("tr"), lower = make("tr"), body = make("tbody"), some = columns.flatMap(({ questions }) => questions);
  table.append(make("caption", "", `${count(students.length, "student")}, ${count(some.length, "question")} that somebody answered`));
  upper.append(cell("td"), cell("td"), ...columns.map(({ title, questions }) => {
    const head = cell("th", "colgroup", title);
    head.colSpan = questions.length;
    return head;
  }));
  lower.append(cell("th", "col", "Student"), cell("th", "col", "Right, of those answered"), ...some.map(({ called, name, item }) => {
    const link = make("a", "", called.replace(/\D+/, ""));
    link.href = item.querySelector("a").href;
    link.title = name;
    link.append(make("span", "unseen", `: ${name.replace(/^[^:]*: /, "")}`));
    return cell("th", "col", link);
  }));
  for (const { name, answers } of students) {
    const row = make("tr"), kinds = some.map((one) => standing(one, answers[one.id], true)), { answered, right } = counts(kinds);
    row.append(cell("th", "row", name), cell("td", "", `${right} of ${answered}`), ...some.map((one, n) => {
      const entry = answers[one.id], made = cell("td");
      if (entry) {
        made.append(`${MARKS[kinds[n]]} ${short(one, entry.given)}`, make("span", "unseen", `, ${STANDS[kinds[n]]}`));
        made.title = entry.given;
      }
      return made;
    }));
    body.append(row);
  }
  const last = make("tr");
  last.append(cell("th", "row", "How many are right"), cell("td"), ...some.map((one) => cell("td", "",
    `${students.filter(({ answers }) => standing(one, answers[one.id], true) === "right").length} of ${students.filter(({ answers }) => answers[one.id]).length}`)));
  body.append(last);
  table.append(make("thead"), body);
  table.tHead.append(upper, lower);
  return table;
};
const show = (problems = []) => {
  const scroll = desk.querySelector(".scroll");
  scroll.replaceChildren(...students.length ? [drawn()] : []);
  for (const part of [scroll, desk.querySelector(".marks"), desk.querySelector(".after")]) part.hidden = !students.length;
  desk.querySelector(".read").textContent = [students.length ? `${count(students.length, "file")} open.` : "No file is open.", ...problems].join(" ");
};
chosen.addEventListener("change", async () => {
  const problems = [];
  for (const one of chosen.files) {
    try {
      const student = await opened(one);
      students = [...students.filter((other) => other.file !== student.file), student];
    } catch (problem) { problems.push(`${one.name} ${problem.message}.`); }
  }
  students.sort((a, b) => a.name.localeCompare(b.name));
  chosen.value = "";
  show(problems);
});
desk.querySelector(".clear").onclick = () => { students = []; show(); chosen.focus(); };
const quoted = (value) => { // no spreadsheet takes a cell for a formula
  const text = String(value ?? "");
  return `"${(/^[=@\t\r]|^[-+](?![\d.,\s]+%?$)/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
};
desk.querySelector(".table").onclick = () => {
  const rows = [["student", "file", "chapter", "question", "asked", "answer", "stands", "tries", "when"]];
  for (const { name, file: from, answers } of students) {
    for (const { page, title, questions } of chapters) {
      for (const one of questions) {
        const entry = answers[one.id];
        if (entry) rows.push([name, from, title, one.called, one.prompt, entry.given, STANDS[standing(one, entry, true)], entry.tries, entry.when]);
      }
      for (const [id, entry] of others(answers, page)) rows.push([name, from, title, "", entry.label || id, entry.given, "", "", entry.when]);
    }
  }
  save("answers.csv", "text/csv", `\ufeff${rows.map((row) => row.map(quoted).join(",")).join("\r\n")}\r\n`);
};
desk.addEventListener("submit", (event) => event.preventDefault());
desk.hidden = false;
show();
})();
