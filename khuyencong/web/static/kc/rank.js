// The rank list of a draft: running sums and the line of the money move while amounts are typed; arrows as in Excel.
(function () {
  "use strict";
  function number(text) {
    var typed = text.trim().replace(/[\s\u00a0]/g, "");
    if (/^\d{1,3}(\.\d{3})+(,\d+)?$/.test(typed)) typed = typed.replace(/\./g, "").replace(",", ".");
    else if (/^\d+,\d+$/.test(typed)) typed = typed.replace(",", ".");
    var value = Number(typed);
    return typed && isFinite(value) ? Math.round(value * 1e6) : 0;
  }
  function million(amount) {
    var parts = String(Math.round(amount / 1000) / 1000).split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, ".");
    return parts.join(",");
  }
  document.querySelectorAll("form[data-kc-rank]").forEach(function (form) {
    var money = Number(form.dataset.kcRank), lines = Array.prototype.slice.call(form.querySelectorAll("[data-kc-line]"));
    var cut = form.querySelector("[data-kc-cut]"), foot = form.querySelector("[data-kc-foot]");
    function count() {
      var sum = 0, chosen = 0, projects = 0, last = null, inside = true;
      lines.forEach(function (row) {
        var amount = 0;
        row.querySelectorAll("[data-kc-amount] input").forEach(function (field) { amount += number(field.value); });
        sum += amount;
        inside = inside && sum <= money;
        if (inside) last = row;
        row.classList.toggle("out", !inside);
        row.querySelector("[data-kc-running]").textContent = million(sum);
        if (row.querySelector("[data-kc-chosen] input").checked) { chosen += amount; projects += 1; }
      });
      if (cut) { if (last) last.after(cut); else if (lines[0]) lines[0].before(cut); }
      foot.querySelector("[data-kc-count]").textContent = projects;
      foot.querySelector("[data-kc-chosen-sum]").textContent = million(chosen);
      foot.querySelector("[data-kc-left]").textContent = (chosen > money ? "−" : "") + million(Math.abs(money - chosen));
      foot.classList.toggle("kc-warm", chosen > money);
    }
    form.addEventListener("input", count);
    form.addEventListener("change", count);
    form.addEventListener("keydown", function (event) {
      var field = event.target.closest("[data-kc-amount] input");
      if (!field || (event.key !== "ArrowDown" && event.key !== "ArrowUp" && event.key !== "Enter")) return;
      var row = field.closest("[data-kc-line]"), next = lines[lines.indexOf(row) + (event.key === "ArrowUp" ? -1 : 1)];
      var at = Array.prototype.indexOf.call(row.querySelectorAll("[data-kc-amount] input"), field);
      event.preventDefault();
      if (next) { var other = next.querySelectorAll("[data-kc-amount] input")[at]; other.focus(); other.select(); }
    });
    count();
  });
})();
