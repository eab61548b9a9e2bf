// A table to work in: arrows and Enter as in Excel, paste of whole blocks, sums that move, saved by itself.
(function () {
  "use strict";
  var CELL = "td[data-kc-col] input, td[data-kc-col] textarea";
  var SOURCES = ["national", "local", "counterpart", "other"];
  var TOTAL = /^(tổng\s+)?cộng[\s:.]*$|^tổng(\s+số|\s+kinh phí)?[\s:.]*$/i; // the sum at the foot of a block from Excel is no line
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
    function cells(row) { return Array.prototype.slice.call(row.querySelectorAll(CELL)); }
    function fit(field) { if (field.tagName === "TEXTAREA") { field.style.height = ""; field.style.height = field.scrollHeight + 2 + "px"; } }
    // one more row like the last one, empty: as many as a block from Excel needs
    function more() {
      var all = rows(), last = all[all.length - 1], added = last.cloneNode(true), total = form.querySelector("[name$=TOTAL_FORMS]");
      if (all.length >= Number(form.dataset.kcMost)) return null;
      ["name", "id", "for"].forEach(function (name) {
        Array.prototype.forEach.call(added.querySelectorAll("[" + name + "]"), function (part) {
          part.setAttribute(name, part.getAttribute(name).replace(/-\d+-/, "-" + all.length + "-"));
        });
      });
      Array.prototype.forEach.call(added.querySelectorAll("input, textarea"), function (field) { field.value = ""; field.removeAttribute("aria-invalid"); });
      Array.prototype.forEach.call(added.querySelectorAll("select"), function (field) { field.selectedIndex = 0; });
      Array.prototype.forEach.call(added.querySelectorAll("[data-kc-number]"), function (part) { part.textContent = all.length + 1; });
      Array.prototype.forEach.call(added.querySelectorAll(".kc-error"), function (part) { part.remove(); });
      last.parentNode.appendChild(added);
      total.value = all.length + 1;
      return added;
    }
    // a block as Excel copies it: cells apart by tabs, rows by line ends, quotes around what holds either
    function block(text) {
      var out = [[""]], quoted = false, i, c;
      text = text.replace(/\r/g, "").replace(/\n$/, "");
      for (i = 0; i < text.length; i += 1) {
        c = text[i];
        if (quoted) {
          if (c === '"' && text[i + 1] === '"') { out[out.length - 1].push(out[out.length - 1].pop() + '"'); i += 1; }
          else if (c === '"') quoted = false;
          else out[out.length - 1].push(out[out.length - 1].pop() + (c === "\n" ? " " : c));
        }
        else if (c === '"' && out[out.length - 1][out[out.length - 1].length - 1] === "") quoted = true;
        else if (c === "\t") out[out.length - 1].push("");
        else if (c === "\n") out.push([""]);
        else out[out.length - 1].push(out[out.length - 1].pop() + c);
      }
      return out;
    }
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
        .then(function (answer) {
          if (answer.redirected) { said.textContent = document.body.dataset.kcEnded; said.classList.add("kc-warm"); return null; }
          return answer.text().then(function (text) {
            var told = answer.status === 200 || answer.status === 422;
            said.textContent = told ? text : document.body.dataset.kcOffline;
            said.classList.toggle("kc-warm", answer.status !== 200);
            if (answer.status === 200 && !again) form.dispatchEvent(new CustomEvent("kc:saved", { bubbles: true }));
          });
        })
        .catch(function () { said.textContent = document.body.dataset.kcOffline; })
        .then(function () { busy = false; if (again) { again = false; save(); } });
    }
    form.addEventListener("input", function (event) { fit(event.target); count(); clearTimeout(timer); timer = setTimeout(save, 1500); });
    // amounts with dots when the cell is left
    form.addEventListener("change", function (event) {
      var field = event.target.closest(CELL), name = field && field.closest("td").dataset.kcCol, amount;
      if (!field || name === "content" || name === "unit" || name === "quantity") return;
      amount = field.value.trim() ? number(field.value) : null;
      if (amount !== null) field.value = dotted(amount);
    });
    form.addEventListener("keydown", function (event) {
      var field = event.target.closest(CELL);
      if (!field) return;
      var row = field.closest("[data-kc-row]"), all = rows(), at = cells(row).indexOf(field), next = null;
      var whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
      if (event.key === "ArrowDown" || event.key === "Enter") {
        if (event.key === "Enter" && row === all[all.length - 1]) { more(); all = rows(); }
        next = cells(all[all.indexOf(row) + 1] || row)[at];
      }
      else if (event.key === "ArrowUp") next = cells(all[all.indexOf(row) - 1] || row)[at];
      else if (event.key === "ArrowRight" && (whole || field.selectionStart === field.value.length)) next = cells(row)[at + 1];
      else if (event.key === "ArrowLeft" && (whole || field.selectionEnd === 0)) next = cells(row)[at - 1];
      if (event.key === "Enter" || (next && next !== field)) event.preventDefault();
      if (next) { next.focus(); next.select(); }
    });
    form.addEventListener("paste", function (event) {
      var field = event.target.closest(CELL), text = event.clipboardData.getData("text/plain");
      if (!field || (text.indexOf("\t") < 0 && text.trim().indexOf("\n") < 0)) return;
      event.preventDefault();
      var all = rows(), row = all.indexOf(field.closest("[data-kc-row]")), column = cells(all[row]).indexOf(field);
      block(text).filter(function (line) { return column || !TOTAL.test(line[0].trim()); }).forEach(function (line, down) {
        var here = all[row + down] || more();
        if (!here) return;
        line.forEach(function (cell, right) {
          var target = cells(here)[column + right], name = target && target.closest("td").dataset.kcCol, amount = number(cell);
          if (!target) return;
          target.value = name !== "content" && name !== "unit" && name !== "quantity" && cell.trim() && amount !== null ? dotted(amount) : cell.trim();
          fit(target);
        });
      });
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
    rows().forEach(function (row) { cells(row).forEach(fit); });
    count();
  });
})();
