"use strict";
(() => {
const PLAIN = Object.create(null, { hasOwnProperty: { value: Object.prototype.hasOwnProperty } });
// What the search says, in this book's words.
Object.assign(Documentation.TRANSLATIONS, {
  "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
    "No page contains all of these words.",
  "Search finished, found ${resultCount} page(s) matching the search query.": "Pages found: ${resultCount}.",
});
// Numbers are words too, and nothing is stored, so that a reader who forbids storing can search.
Search._parseQuery = (query) => {
  const stemmer = new Stemmer(), typed = splitQuery(query.toLowerCase().trim());
  const words = typed.filter((word) => !stopwords.includes(word));
  return [query, new Set(words.map((word) => stemmer.stemWord(word))), new Set(), new Set(words), new Set(typed)];
};
// A word that every object has, such as "constructor", is no word of the index.
const setIndex = Search.setIndex;
Search.setIndex = (index) => {
  for (const words of Object.values(index)) {
    if (words && typeof words === "object" && !Array.isArray(words)) Object.setPrototypeOf(words, PLAIN);
  }
  setIndex(index);
};
})();
