// A lab shows what came out once something was written down; asked again, all the same.
"use strict";
(() => {
for (const fold of ReceiptBook.all(".came-out")) {
  const box = fold.parentElement.querySelector(".prediction"), field = box.querySelector("textarea"), says = box.querySelector("[role=status]");
  field.addEventListener("input", () => { says.textContent = ""; });
  let asked = false;
  fold.firstElementChild.addEventListener("click", (event) => {
    if (fold.open || asked || field.value.trim()) return;
    event.preventDefault();
    asked = true;
    says.textContent = "Write down what you expect first. Press again to look all the same.";
    field.focus();
  });
}
})();
