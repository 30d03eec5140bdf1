/* Refuses a file that the server would refuse for its size, before it is sent:
 * <input type="file" data-max-bytes="10485760" data-max-label="10 MB">. The limit holds for each
 * file and, with data-max-total-bytes, for all of them together. The server checks again.
 */
(function () {
  "use strict";

  function sentence(input) {
    const limit = Number(input.dataset.maxBytes);
    const total = Number(input.dataset.maxTotalBytes || 0);
    const label = input.dataset.maxLabel;
    const files = Array.from(input.files);
    for (const file of files) {
      if (file.size > limit) {
        return "Berkas “" + file.name + "” lebih besar dari " + label
          + " dan tidak diunggah. Isian lain tetap ada. Silakan perkecil hasil pindai, lalu pilih kembali.";
      }
    }
    const sum = files.reduce(function (bytes, file) { return bytes + file.size; }, 0);
    if (total && sum > total) {
      return "Jumlah ukuran berkas melebihi batas dan tidak diunggah. Isian lain tetap ada. "
        + "Silakan unggah dalam beberapa kali.";
    }
    return "";
  }

  function noteOf(input) {
    let note = document.getElementById(input.id + "_refusal");
    if (!note) {
      note = document.createElement("div");
      note.id = input.id + "_refusal";
      note.className = "upload-refusal";
      note.setAttribute("role", "alert");
      input.after(note);
    }
    return note;
  }

  document.addEventListener("change", function (event) {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.dataset.maxBytes) return;
    const refusal = sentence(input);
    noteOf(input).textContent = refusal;
    input.classList.toggle("is-invalid", refusal !== "");
    if (refusal) input.value = "";
  });
})();
