/* Keeps what was typed until the server has accepted it.
 *
 *   <form data-keep="permohonan-baru">      typed values live in sessionStorage under that key
 *   <form data-keep-ask>                    beside it: restored values are announced in a note
 *   <… data-keep-clear="permohonan-baru">   on the page after success: the key is forgotten
 *   <… data-keep-clear="*">                 signing out: everything is forgotten
 *   <input data-keep-skip>                  never kept
 *
 * Never kept: passwords, files, hidden fields. Keys carry the signed-in person's id (the meta
 * "person" of base.html), so that nobody meets another's words in the same browser tab. What the
 * server shows (a form that came back with errors) wins over what was kept.
 */
(function () {
  "use strict";

  const NAMESPACE = "sop-keep:";
  const person = document.querySelector('meta[name="person"]');
  const prefix = NAMESPACE + (person ? person.content : "") + ":";

  function keepable(field) {
    return field.name && !["password", "file", "hidden", "submit", "button"].includes(field.type)
      && !field.classList.contains("secret") && !field.hasAttribute("data-keep-skip")
      && !field.readOnly && !field.disabled;
  }

  function fieldsOf(form) {
    return Array.from(form.elements).filter(keepable);
  }

  function slot(field) {
    return field.type === "checkbox" || field.type === "radio" ? field.name + "=" + field.value : field.name;
  }

  function valueOf(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked;
    if (field.multiple) return Array.from(field.selectedOptions, function (option) { return option.value; });
    return field.value;
  }

  function put(field, value) {
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = value === true;
    } else if (field.multiple) {
      for (const option of field.options) option.selected = Array.isArray(value) && value.includes(option.value);
    } else {
      field.value = String(value);
    }
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function save(form) {
    const kept = {};
    for (const field of fieldsOf(form)) kept[slot(field)] = valueOf(field);
    try {
      sessionStorage.setItem(prefix + form.dataset.keep, JSON.stringify(kept));
    } catch {
      // A full or forbidden storage only means that nothing is kept.
    }
  }

  function read(key) {
    try {
      return JSON.parse(sessionStorage.getItem(prefix + key) || "null");
    } catch {
      return null;
    }
  }

  function note(form) {
    const box = document.createElement("div");
    box.className = "notice notice-info kept-note";
    box.setAttribute("role", "status");
    const text = document.createElement("p");
    text.append("Isian Anda yang belum tersimpan telah dipulihkan. ");
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "btn btn-link btn-sm p-0 align-baseline";
    discard.textContent = "Buang isian ini";
    discard.addEventListener("click", function () {
      sessionStorage.removeItem(prefix + form.dataset.keep);
      form.reset();
      box.remove();
      const first = fieldsOf(form)[0];
      if (first) first.focus();
    });
    text.append(discard);
    box.append(text);
    form.prepend(box);
  }

  function restore(form) {
    if (form.querySelector(".is-invalid, .error-summary")) {
      save(form);
      return;
    }
    const kept = read(form.dataset.keep);
    if (!kept) return;
    let changed = false;
    for (const field of fieldsOf(form)) {
      const name = slot(field);
      if (name in kept && JSON.stringify(kept[name]) !== JSON.stringify(valueOf(field))) {
        put(field, kept[name]);
        changed = true;
      }
    }
    if (changed) note(form);
  }

  function forget(key) {
    if (key === "*") {
      for (const name of Object.keys(sessionStorage)) {
        if (name.startsWith(NAMESPACE)) sessionStorage.removeItem(name);
      }
      return;
    }
    sessionStorage.removeItem(prefix + key);
  }

  function begin(root) {
    for (const element of root.querySelectorAll("[data-keep-clear]")) {
      if (!(element instanceof HTMLFormElement)) forget(element.dataset.keepClear);
    }
    for (const form of root.querySelectorAll("form[data-keep]")) {
      if (form.dataset.keeping) continue;
      form.dataset.keeping = "1";
      restore(form);
    }
  }

  function onTyping(event) {
    const form = event.target.form;
    if (form && form.dataset.keep) save(form);
  }

  document.addEventListener("input", onTyping);
  document.addEventListener("change", onTyping);
  document.addEventListener("submit", function (event) {
    const key = event.target.dataset.keepClear;
    if (key) forget(key);
  });
  document.addEventListener("DOMContentLoaded", function () { begin(document); });
  document.addEventListener("htmx:load", function (event) { begin(event.target); });
})();
