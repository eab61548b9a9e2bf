// Amounts: dots while leaving the field, words under it.  The server says the same words without this file.
(function () {
  "use strict";
  var digits = "không một hai ba bốn năm sáu bảy tám chín".split(" ");
  function three(n, full) {
    var h = Math.floor(n / 100), t = Math.floor(n / 10) % 10, u = n % 10, out = [];
    if (full || h) out.push(digits[h] + " trăm");
    if (!t) { if (u && out.length) out.push("linh"); if (u) out.push(digits[u]); }
    else {
      out.push(t === 1 ? "mười" : digits[t] + " mươi");
      if (u === 1) out.push(t > 1 ? "mốt" : "một"); else if (u === 5) out.push("lăm");
      else if (u === 4 && t > 1) out.push("tư"); else if (u) out.push(digits[u]);
    }
    return out.join(" ");
  }
  function below(n, full) {
    var out = [];
    [["triệu", 1e6], ["nghìn", 1e3], ["", 1]].forEach(function (unit) {
      var g = Math.floor(n / unit[1]) % 1000;
      if (g) out.push((three(g, full || out.length > 0) + " " + unit[0]).trim());
    });
    return out.join(" ");
  }
  function words(n) {
    if (n < 1e9) return below(n, false);
    var rest = n % 1e9;
    return words(Math.floor(n / 1e9)) + " tỷ" + (rest ? " " + below(rest, true) : "");
  }
  function read(field) {
    var typed = field.value.trim().toLowerCase().replace(/[\s\u00a0]/g, ""), unit = field.dataset.kcMoney === "million" ? 1e6 : 1;
    var found = /^([\d.,]+)(đ|đồng|d|dong|nghìn|ngàn|triệu|tr|trieu|tỷ|tỉ|ty)?(đồng|đ)?$/.exec(typed);
    if (!found) return null;
    if (found[2]) unit = /^(t[ỷỉy])/.test(found[2]) ? 1e9 : /^tr/.test(found[2]) ? 1e6 : /^ng/.test(found[2]) ? 1e3 : 1;
    var number = found[1];
    if (/^\d{1,3}(\.\d{3})+(,\d+)?$/.test(number) || /^\d+,\d+$/.test(number)) number = number.replace(/\./g, "").replace(",", ".");
    var asked = Number(number) * unit, amount = Math.round(asked); // a part of one đồng is not rounded away: it is refused
    return isFinite(amount) && amount <= 1e15 && Math.abs(asked - amount) < 0.05 ? amount : null;
  }
  function say(field) {
    var box = document.querySelector('[data-kc-words="' + field.id + '"]'), amount = read(field), said = amount ? words(amount) + " đồng" : "";
    if (box) box.textContent = said.charAt(0).toUpperCase() + said.slice(1);
  }
  document.addEventListener("input", function (event) { if (event.target.dataset && event.target.dataset.kcMoney) say(event.target); });
  document.addEventListener("change", function (event) {
    var field = event.target;
    if (!field.dataset || !field.dataset.kcMoney) return;
    var amount = read(field);
    if (amount !== null && field.dataset.kcMoney === "dong") field.value = String(amount).replace(/\B(?=(\d{3})+$)/g, ".");
    say(field);
  });
  // days: 22112026 becomes 22/11/2026
  document.addEventListener("change", function (event) {
    var field = event.target, found = field.dataset && "kcDay" in field.dataset && /^(\d{2})(\d{2})(\d{4})$/.exec(field.value.trim());
    if (found) field.value = found.slice(1).join("/");
  });
})();
