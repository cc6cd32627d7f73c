"use strict";
(() => {
// What the search says, in this book's words.
Object.assign(Documentation.TRANSLATIONS, {
  "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
    "No page contains all of these words.",
  "Search finished, found ${resultCount} page(s) matching the search query.": "Pages found: ${resultCount}.",
});
})();
