// A table to work in: arrows and Enter as in Excel, paste of whole blocks, sums that move, saved by itself.
(function () {
  "use strict";
  var SOURCES = ["national", "local", "counterpart", "other"];
  function number(text) {
    var typed = text.trim().toLowerCase().replace(/[\s\u00a0]/g, ""), unit = 1;
    var found = /^(-?[\d.,]+)(đ|đồng|triệu|tr|tỷ|tỉ)?$/.exec(typed);
    if (!found) return null;
    if (found[2]) unit = /^t[ỷỉ]/.test(found[2]) ? 1e9 : /^tr/.test(found[2]) ? 1e6 : 1;
    var value = found[1];
    if (/^-?\d{1,3}(\.\d{3})+(,\d+)?$/.test(value)) value = value.replace(/\./g, "").replace(",", ".");
    else if (/^-?\d+,\d+$/.test(value)) value = value.replace(",", ".");
    else if (/^-?\d{1,3}(,\d{3})+$/.test(value)) value = value.replace(/,/g, "");
    return Number(value) * unit;
  }
  function dotted(value) { return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, "."); }
  document.querySelectorAll("form[data-kc-table]").forEach(function (form) {
    var timer = null, busy = false, again = false, said = form.querySelector("[data-kc-saved]");
    function rows() { return Array.prototype.slice.call(form.querySelectorAll("[data-kc-row]")); }
    function cells(row) { return Array.prototype.slice.call(row.querySelectorAll("td[data-kc-col] input")); }
    function value(row, name) {
      var field = row.querySelector('td[data-kc-col="' + name + '"] input');
      return field && field.value.trim() ? number(field.value) : 0;
    }
    function count() {
      var sums = { total: 0 };
      rows().forEach(function (row) {
        var line = 0;
        SOURCES.forEach(function (name) { var amount = value(row, name) || 0; sums[name] = (sums[name] || 0) + amount; line += amount; });
        sums.total += line;
        row.querySelector("[data-kc-line]").textContent = line ? dotted(line) : "";
        var product = value(row, "quantity") && value(row, "unit_price") ? value(row, "quantity") * value(row, "unit_price") : null;
        row.querySelector('td[data-kc-col="unit_price"]').classList.toggle("bad", product !== null && Math.round(product) !== Math.round(line));
        cells(row).forEach(function (field) {
          var name = field.closest("td").dataset.kcCol;
          if (name !== "content" && name !== "unit") field.closest("td").classList.toggle("wrong", field.value.trim() !== "" && number(field.value) === null);
        });
      });
      Object.keys(sums).forEach(function (name) {
        var box = form.querySelector('[data-kc-sum="' + name + '"]');
        if (box) box.textContent = dotted(sums[name]);
      });
    }
    function save() {
      if (busy) { again = true; return; }
      busy = true;
      fetch(form.dataset.kcAutosave, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" })
        .then(function (answer) { return answer.text().then(function (text) { said.textContent = answer.status === 200 || answer.status === 422 ? text : document.body.dataset.kcOffline; }); })
        .catch(function () { said.textContent = document.body.dataset.kcOffline; })
        .then(function () { busy = false; if (again) { again = false; save(); } });
    }
    form.addEventListener("input", function () { count(); clearTimeout(timer); timer = setTimeout(save, 1500); });
    form.addEventListener("keydown", function (event) {
      var field = event.target.closest("td[data-kc-col] input");
      if (!field) return;
      var row = field.closest("[data-kc-row]"), all = rows(), at = cells(row).indexOf(field), next = null;
      var whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
      if (event.key === "ArrowDown" || event.key === "Enter") next = cells(all[all.indexOf(row) + 1] || row)[at];
      else if (event.key === "ArrowUp") next = cells(all[all.indexOf(row) - 1] || row)[at];
      else if (event.key === "ArrowRight" && (whole || field.selectionStart === field.value.length)) next = cells(row)[at + 1];
      else if (event.key === "ArrowLeft" && (whole || field.selectionEnd === 0)) next = cells(row)[at - 1];
      if (event.key === "Enter" || (next && next !== field)) event.preventDefault();
      if (next) { next.focus(); next.select(); }
    });
    form.addEventListener("paste", function (event) {
      var field = event.target.closest("td[data-kc-col] input"), text = event.clipboardData.getData("text/plain");
      if (!field || (text.indexOf("\t") < 0 && text.trim().indexOf("\n") < 0)) return;
      event.preventDefault();
      var all = rows(), row = all.indexOf(field.closest("[data-kc-row]")), column = cells(all[row]).indexOf(field);
      text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach(function (line, down) {
        if (!all[row + down]) return;
        line.split("\t").forEach(function (cell, right) {
          var target = cells(all[row + down])[column + right];
          if (target) target.value = cell.trim();
        });
      });
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
    count();
  });
})();
