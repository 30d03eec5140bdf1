/* The paper beside its form, renewed while one types:
 * <details data-paper-preview="address" data-paper-form="#form" data-paper-title="name" hidden> with [data-paper-said] and
 * [data-paper-frames] in it. Open from the start where there is room, a button where there is not.
 *
 * The form is sent into a frame of its own each time: a new frame leaves no trace in the history
 * of the tab, and the old one stays in sight until the new one has come. The frame runs no script.
 */
(function () {
  "use strict";

  const PAUSE = 700; // milliseconds without a key before the server is asked
  const WIDTH = 813; // 215 mm in pixels, until the paper has come and tells its own
  const ROOM = "(min-width: 75rem)";

  function start(panel) {
    const form = document.querySelector(panel.dataset.paperForm);
    const said = panel.querySelector("[data-paper-said]");
    const frames = panel.querySelector("[data-paper-frames]");
    let shown = null;
    let coming = null;
    let timer = 0;
    let count = 0;

    function fit(frame) {
      const page = pageOf(frame);
      const width = (page && page.body.offsetWidth) || WIDTH;
      const scale = frames.clientWidth / width;
      frame.style.width = width + "px";
      frame.style.height = frames.clientHeight / scale + "px";
      frame.style.transform = "scale(" + scale + ")";
    }

    function send(target) {
      const copy = document.createElement("form");
      copy.method = "post";
      copy.action = panel.dataset.paperPreview;
      copy.target = target;
      copy.hidden = true;
      for (const [name, value] of new FormData(form)) {
        if (typeof value !== "string") continue;
        const field = document.createElement("textarea");
        field.name = name;
        field.value = value;
        copy.append(field);
      }
      document.body.append(copy);
      copy.submit();
      copy.remove();
    }

    function pageOf(frame) {
      try {
        const page = frame.contentDocument;
        return page && page.body.classList.contains("on-screen") ? page : null;
      } catch (error) {
        return null; // the browser's own page about a lost connection
      }
    }

    function arrived(frame) {
      if (frame !== coming) return frame.remove();
      coming = null;
      const page = pageOf(frame);
      if (!page) {
        frame.remove();
        said.textContent = "Pratinjau belum dapat diperbarui. Isian Anda tidak terganggu.";
        return;
      }
      const notes = Array.from(page.querySelectorAll('meta[name="note"]'), function (note) { return note.content; });
      said.textContent = notes.join(" ");
      fit(frame);
      frame.removeAttribute("aria-hidden");
      frame.removeAttribute("tabindex");
      frame.classList.remove("paper-coming");
      if (shown) {
        const old = pageOf(shown);
        if (old) frame.contentWindow.scrollTo(0, shown.contentWindow.scrollY);
        shown.remove();
      }
      shown = frame;
    }

    function renew() {
      if (!panel.open) return;
      if (coming) coming.remove();
      const frame = document.createElement("iframe");
      count += 1;
      frame.name = "paper-" + count;
      frame.title = panel.dataset.paperTitle;
      frame.className = "paper-coming";
      frame.setAttribute("sandbox", "allow-same-origin");
      frame.setAttribute("aria-hidden", "true");
      frame.tabIndex = -1;
      coming = frame;
      frames.append(frame);
      fit(frame);
      frame.addEventListener("load", function () {
        // Some browsers tell of the empty page that a new frame begins with.
        if (frame.contentDocument && frame.contentDocument.URL === "about:blank") return;
        arrived(frame);
      });
      send(frame.name);
    }

    function later() {
      clearTimeout(timer);
      timer = setTimeout(renew, PAUSE);
    }

    form.addEventListener("input", later);
    form.addEventListener("change", later);
    panel.addEventListener("toggle", renew);
    window.addEventListener("resize", function () { if (shown && panel.open) fit(shown); });
    panel.hidden = false;
    if (matchMedia(ROOM).matches) panel.open = true; // which tells of itself: "toggle"
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-paper-preview]").forEach(start);
  });
})();
