/* Live time left, in the office's working time.
 *
 * An element with data-countdown (see templates/_time_cell.html) carries what the server knew:
 *
 *   data-server-now         ISO instant at which the other values were true
 *   data-remaining-seconds  working seconds left then; negative when already late
 *   data-limit-seconds      working seconds of the whole limit; may be missing
 *   data-open-until         ISO instant when the office closes; missing when it is closed now
 *   data-resumes-at         ISO instant when counting goes on; may be missing
 *   data-resumes-label      the words for that instant, "Senin, 08.00 WITA"
 *
 * The browser's own clock is used only to measure how long the page has been open, so a wrong
 * clock on an office computer changes nothing. Outside office hours the count stands still.
 * Days are the server's words: from eight working hours up, its text is left alone.
 */
(function () {
  "use strict";

  const TICK = 5000;
  const EIGHT_HOURS = 8 * 3600;
  const SOON_SHARE = 0.2; // the last fifth of the limit: the 80 % warning's rung
  const openedAt = Date.now();

  function instant(text) {
    return text ? Date.parse(text) : NaN;
  }

  /** Working seconds that passed since the server's answer, and whether the office is open. */
  function elapsed(data, sinceMs) {
    const start = instant(data.serverNow);
    const now = start + sinceMs;
    const closes = instant(data.openUntil);
    const resumes = instant(data.resumesAt);
    const isOpen = !Number.isNaN(closes) && now < closes;
    let counted = Number.isNaN(closes) ? 0 : Math.max(0, Math.min(now, closes) - start);
    if (!Number.isNaN(resumes) && now >= resumes) {
      return { seconds: (counted + now - resumes) / 1000, open: true };
    }
    return { seconds: counted / 1000, open: isOpen };
  }

  /** "23 menit", "1 jam 5 menit": whole minutes, rounded down, as the server says it. */
  function words(seconds) {
    const minutes = Math.floor(seconds / 60);
    if (minutes < 1) return "kurang dari 1 menit";
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    if (!hours) return minutes + " menit";
    return rest ? hours + " jam " + rest + " menit" : hours + " jam";
  }

  function stateOf(remaining, limit) {
    if (remaining < 0) return "late";
    return limit > 0 && remaining <= limit * SOON_SHARE ? "soon" : "left";
  }

  const PREFIX = { left: "sisa ", soon: "segera: sisa ", late: "terlambat " };

  function show(element, sinceMs) {
    const data = element.dataset;
    const passed = elapsed(data, sinceMs);
    const remaining = Number(data.remainingSeconds) - passed.seconds;
    const limit = Number(data.limitSeconds || 0);
    const state = stateOf(remaining, limit);
    const before = data.state;
    if (before !== state) {
      element.classList.remove("time-left", "time-soon", "time-late", "time-" + before);
      element.classList.add("time-" + state);
      data.state = state;
      const row = element.closest(".task");
      if (row) {
        row.classList.toggle("task-soon", state === "soon");
        row.classList.toggle("task-late", state === "late");
      }
    }
    const standsStill = !passed.open && state !== "late";
    element.classList.toggle("time-paused", standsStill);
    const shape = element.querySelector(".shape");
    if (shape) shape.className = "shape shape-" + (standsStill ? "paused" : state);
    const word = element.querySelector(".time-word");
    if (word && Math.abs(remaining) < EIGHT_HOURS) {
      const text = PREFIX[state] + words(Math.abs(remaining));
      if (word.textContent !== text) word.textContent = text;
    }
    const bar = element.querySelector("progress");
    if (bar && limit > 0) bar.value = Math.min(limit, Math.max(0, limit - remaining));
    const note = element.querySelector(".time-paused-note");
    if (note) {
      note.hidden = passed.open;
      if (!passed.open && data.resumesLabel) note.textContent = "dilanjutkan " + data.resumesLabel;
    }
    if (before && before !== state && state !== "left" && window.sop) {
      window.sop.announce((element.dataset.name || "Langkah") + ": " + (word ? word.textContent : state));
    }
  }

  function tick() {
    const since = Date.now() - openedAt;
    for (const element of document.querySelectorAll("[data-countdown]")) {
      // What htmx brought in later starts its own count when it is first seen.
      if (!element.dataset.seenAfter) element.dataset.seenAfter = String(element.dataset.fresh ? since : 0);
      show(element, since - Number(element.dataset.seenAfter));
    }
  }

  document.addEventListener("htmx:load", function (event) {
    for (const element of event.target.querySelectorAll("[data-countdown]")) element.dataset.fresh = "1";
    if (event.target.matches("[data-countdown]")) event.target.dataset.fresh = "1";
    tick();
  });
  document.addEventListener("DOMContentLoaded", tick);
  document.addEventListener("visibilitychange", tick);
  window.setInterval(tick, TICK);
})();
