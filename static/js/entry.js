/* Step 3, one person, by keyboard: ← and → turn to the neighbours while no field has the focus,
 * Enter saves from any field, Ctrl+Enter from the long ones too. An address that is not the
 * Formulir's opens the field that asks why.
 */
(function () {
  "use strict";

  function isTyping(element) {
    return element.closest("input, textarea, select, [contenteditable]") !== null;
  }

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.altKey || event.metaKey || event.shiftKey) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.ctrlKey) {
      if (event.key === "Enter" && target instanceof HTMLTextAreaElement && target.form) {
        target.form.requestSubmit(target.form.querySelector('[type="submit"]:not([form])'));
      }
      return;
    }
    const direction = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    if (!direction || isTyping(target)) return;
    const link = document.querySelector('[data-arrows] a[rel="' + direction + '"]');
    if (link) {
      event.preventDefault();
      link.click();
    }
  });

  document.addEventListener("change", function (event) {
    const form = event.target.form;
    if (!form || !form.dataset.formEmail || event.target.name !== "registered_email") return;
    const differs = event.target.value.trim().toLowerCase() !== form.dataset.formEmail.toLowerCase();
    if (differs) form.querySelector(".differs").open = true;
  });

  document.addEventListener("DOMContentLoaded", function () {
    if (document.querySelector(".error-summary")) return;
    const first = document.querySelector(".entry-facts .btn-copy");
    if (first) first.focus({ preventScroll: true });
  });
})();
