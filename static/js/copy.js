/* Copy buttons: <button data-copy-text="…"> or <button data-copy-from="#id"> (a field's value or
 * an element's text). Where the browser has no clipboard (plain http in the office's network) the
 * old way is tried, and if that fails too, the text is selected for Ctrl+C. Says "tersalin" on
 * the button and to screen readers.
 */
(function () {
  "use strict";

  const SHOWN_MS = 2000;

  function sourceOf(button) {
    return button.dataset.copyFrom ? document.querySelector(button.dataset.copyFrom) : null;
  }

  function textOf(button, source) {
    if (button.dataset.copyText !== undefined) return button.dataset.copyText;
    if (!source) return "";
    return "value" in source ? source.value : source.textContent.trim();
  }

  /** Copies through a selection; works without a secure context. */
  function copyBySelection(text) {
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch {
      done = false;
    }
    area.remove();
    return done;
  }

  function select(source) {
    if (!source) return;
    if (typeof source.select === "function") {
      source.focus();
      source.select();
      return;
    }
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  function tell(button, word, spoken) {
    const label = button.querySelector(".copy-word") || button;
    if (!button.dataset.copyWord) button.dataset.copyWord = label.textContent;
    label.textContent = word;
    button.classList.toggle("copied", word === "tersalin");
    window.sop.announce(spoken);
    window.clearTimeout(Number(button.dataset.copyTimer || 0));
    button.dataset.copyTimer = String(window.setTimeout(function () {
      label.textContent = button.dataset.copyWord;
      button.classList.remove("copied");
    }, SHOWN_MS));
  }

  async function copy(button) {
    const source = sourceOf(button);
    const text = textOf(button, source);
    const name = button.dataset.copyName || "Teks";
    let done = false;
    if (navigator.clipboard && window.isSecureContext) {
      try {
        await navigator.clipboard.writeText(text);
        done = true;
      } catch {
        done = false;
      }
    }
    if (!done) done = copyBySelection(text);
    if (done) {
      button.focus();
      tell(button, "tersalin", name + " tersalin");
      return;
    }
    select(source || button.previousElementSibling);
    tell(button, "tekan Ctrl+C", name + " terpilih. Tekan Ctrl+C untuk menyalin.");
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-copy-text], [data-copy-from]");
    if (button) copy(button);
  });
})();
